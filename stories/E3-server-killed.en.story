story "The server is killed in the middle: after its restart both go on where they stopped" rows E3 E1

agent Lin works here
agent Lin comes online
customer Grace opens shop in en
customer Grace says "The shoes are the wrong size, can I exchange them?"
bot answers Grace citing "Exchanges"
server is killed
customer Grace says "talk to a human please"
Grace is offered to Lin with summary "can I exchange them?"
agent Lin accepts Grace
agent Lin says to Grace "Hello, one moment"
server is killed
Grace is assigned to Lin
Grace has "Hello, one moment" once
customer Grace says "I am waiting here"
agent Lin hears "I am waiting here" from Grace
agent Lin makes ticket "Exchange for size 42" for Grace
server is killed
Grace gets ticket "Exchange for size 42"
ticket page of Grace shows received
agent Lin resolves Grace
server is killed
customer Grace rates 4
Grace rated 4
Grace has "The shoes are the wrong size, can I exchange them?" once
Grace has "I am waiting here" once
