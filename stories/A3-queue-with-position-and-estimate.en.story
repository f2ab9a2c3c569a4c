story "Who waits knows their place and about how long it takes" rows A3 A5

agent Lin works here with capacity 1
customer Grace opens shop in en
customer Omar opens shop in en
customer Ines opens shop in en

# Nobody online: a place, no estimate, and a wish for an address.
customer Grace says "talk to a human please"
Grace hears "Nobody is online at the moment"
Grace waits at position 1 without an estimate
customer Omar asks for a person
Omar waits at position 2 without an estimate
customer Omar gives email "omar@example.org"

# Somebody comes: first come, first served.
agent Lin comes online
Grace is offered to Lin
agent Lin accepts Grace
Grace is assigned to Lin
Omar waits at position 1 without an estimate

# After the first it is known how long one takes.
agent Lin resolves Grace
Omar is offered to Lin
customer Ines says "I want to talk to a person"
Ines hears "you are number 2 in the queue, the wait is"
Ines waits at position 2 with an estimate
agent Lin accepts Omar

# Whoever does not want to wait is back with the bot.
customer Ines leaves the queue
Ines hears "you have left the queue"
Ines is with the bot
customer Ines says "How do I get an invoice?"
bot answers Ines citing "Invoices"
