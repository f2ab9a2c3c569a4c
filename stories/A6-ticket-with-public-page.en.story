story "A conversation becomes a ticket, whose progress the customer follows by a secret link" rows A6

agent Lin works here
agent Lin comes online
customer Grace opens shop in en
customer Grace says "I want to talk to a person"
agent Lin accepts Grace
agent Lin makes ticket "Exchange for size 42" for Grace
Grace gets ticket "Exchange for size 42"
ticket page of Grace shows received
agent Lin moves ticket of Grace to in_progress "The new pair has left our warehouse"
Grace hears "in progress"
ticket page of Grace shows in_progress "The new pair has left our warehouse"
agent Lin resolves Grace
# The talk is over, the ticket goes on.
agent Lin moves ticket of Grace to done "Delivered"
Grace hears "done"
ticket page of Grace shows done "Delivered"
Grace is resolved
