story "What the knowledge does not hold is said so, and a person offered" rows A5

agent Lin works here
agent Lin comes online
customer Omar opens shop in en
customer Omar says "Can you book me a train ticket to Paris?"
bot does not know for Omar
Omar is with the bot
customer Omar says "What is the capital of France?"
Omar hears "I suggest talking to a person"
customer Omar presses "Talk to a person"
Omar is offered to Lin with summary "What is the capital of France?"
agent Lin accepts Omar
Omar is assigned to Lin
# With a person there the bot keeps out.
customer Omar says "How do I get an invoice?"
agent Lin hears "How do I get an invoice?" from Omar
Omar never heard "e-mail within"
