story "After the end the customer is asked to rate, and comes back to the same agent" rows A8 A3

agent Lin works here with capacity 2
agent Zhou works here with capacity 2
agent Lin comes online
customer Grace opens shop in en
customer Grace says "talk to a human please"
agent Lin accepts Grace
agent Lin says to Grace "It is all done for you"
agent Lin resolves Grace
Grace is resolved
Grace hears "Please rate this conversation"
Grace was asked to rate 1 time
customer Grace rates 5 "quick, thank you"
Grace rated 5
Grace hears "Thank you for your rating"
# Thanks do not open it again.
customer Grace says "thanks!"
Grace hears "You are welcome"
Grace is resolved
# A new question goes on with the same person.
agent Zhou comes online
customer Grace says "one more thing: the parcel was damaged"
Grace is assigned to Lin
agent Lin resolves Grace
Grace was asked to rate 1 time
# A new conversation asks for the familiar one first, too.
customer Grace starts anew "I want to talk to a person"
Grace is offered to Lin
