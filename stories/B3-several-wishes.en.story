story "Several things asked in one message are answered together" rows B3

customer Zoe opens shop in en
customer Zoe says "How do I get an invoice? Also, are you hiring?"
bot answers Zoe citing "nvoice"
Zoe has "jobs@cloudstep.example" once
Zoe is with the bot
