story "What is not understood is asked back before a person is called" rows B3 A5

agent Lin works here
agent Lin comes online
customer Zoe opens shop in en
customer Zoe says "I have an idea for your boss about a shop together"
Zoe hears "Is it one of these"
Zoe is with the bot
customer Zoe presses "Business"
Zoe hears "partner@cloudstep.example"
# Not understood twice in a row: a person is offered.
customer Zoe says "Do you sell quantum bananas on Mars?"
Zoe hears "Is it one of these"
customer Zoe says "and the one on the Moon"
bot does not know for Zoe
customer Zoe presses "Talk to a person"
Zoe is offered to Lin with summary "bananas"
