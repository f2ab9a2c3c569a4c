story "The bot answers from the knowledge and shows its source" rows A5

customer Grace opens shop in en
customer Grace says "hello"
Grace hears "virtual assistant"
customer Grace says "The shoes are the wrong size, can I exchange them?"
bot answers Grace citing "Exchanges"
customer Grace says "How do I get an invoice?"
bot answers Grace citing "Invoices"
# Thanks are no question: nothing is looked up.
customer Grace says "ok, thank you!"
Grace hears "You are welcome"
Grace is with the bot
customer Grace says "are you a bot?"
Grace hears "a program, not a person"
