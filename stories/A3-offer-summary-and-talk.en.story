story "The agent is offered the talk with a summary; both exchange text, emoji, pictures and files" rows A3 A5

agent Lin works here
agent Lin comes online
customer Grace opens shop in en
customer Grace says "The shoes are the wrong size, can I exchange them?"
bot answers Grace citing "Exchanges"
customer Grace says "I would rather have a refund, get me a human"
Grace is offered to Lin with summary "rather have a refund"
Grace is offered to Lin with summary "can I exchange them?"
agent Lin accepts Grace
Grace is assigned to Lin

agent Lin types to Grace
Grace sees Lin typing
agent Lin says to Grace "Hello Grace, let me see what I can do 🙂"
Grace hears "🙂"
customer Grace reads
Grace has read everything

customer Grace types
agent Lin sees Grace typing
customer Grace says "here they are 👟"
customer Grace sends picture "shoes.png"
customer Grace sends file "order.pdf"
agent Lin hears "👟" from Grace
agent Lin gets picture "shoes.png" from Grace
agent Lin gets file "order.pdf" from Grace
agent Lin reads Grace
Grace was read by agents

agent Lin sends picture "sample.png" to Grace
Grace gets picture "sample.png"
agent Lin sends file "label.pdf" to Grace
Grace gets file "label.pdf"
# The customer does not see notes.
agent Lin notes on Grace "old customer, we pay the postage"
Grace never heard "old customer"
