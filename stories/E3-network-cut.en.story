story "The network is cut and comes back: nothing is lost, nothing comes twice" rows E3 A3

agent Lin works here
agent Lin comes online
customer Grace opens shop in en
customer Grace says "talk to a human please"
agent Lin accepts Grace
agent Lin says to Grace "Hello there"
Grace hears "Hello there"

# The customer closes the laptop and writes on; the agent writes, too.
customer Grace goes offline
customer Grace says "first, written offline"
customer Grace says "second, written offline"
agent Lin says to Grace "are you still there"
customer Grace comes back
Grace hears "are you still there"
agent Lin hears "first, written offline" from Grace
agent Lin hears "second, written offline" from Grace
Grace has "first, written offline" once
Grace has "second, written offline" once
Grace has "are you still there" once

# The agent goes and comes back; the talk is still theirs.
agent Lin goes offline
customer Grace says "now it is you who is gone"
agent Lin comes online
agent Lin hears "now it is you who is gone" from Grace
Grace is assigned to Lin
agent Lin says to Grace "back again"
Grace hears "back again"
Grace has "back again" once
