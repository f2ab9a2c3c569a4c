story "During the holiday the customer is told when people are back; a working weekend is worked" rows A3

# Off from 1 to 7 October 2026; Sunday 20 September and Saturday 10 October are worked.
at 2026-09-30 18:30 Asia/Shanghai
shop hours mon-fri 09:00-18:00 Asia/Shanghai holidays cn
agent Lin works here
customer Grace opens shop in en
customer Grace says "talk to a human please"
Grace hears "Our team is off at the moment and back Thu, 8 Oct, 09:00"
Grace is queued
at 2026-10-02 11:00 Asia/Shanghai
customer Omar opens shop in en
customer Omar says "I want to talk to a person"
Omar hears "Our team is away for National Day and back Thu, 8 Oct, 09:00"
Omar waits at position 2
# Whoever comes early serves early.
at 2026-10-08 08:50 Asia/Shanghai
agent Lin comes online
Grace is offered to Lin
agent Lin accepts Grace
agent Lin accepts Omar
# The Saturday in exchange is worked, the Sunday is not.
at 2026-10-10 10:00 Asia/Shanghai
agent Lin goes offline
customer Ines opens shop in en
customer Ines says "talk to a human please"
Ines hears "Nobody is online at the moment"
at 2026-10-11 10:00 Asia/Shanghai
customer Paul opens shop in en
customer Paul says "talk to a human please"
Paul hears "back tomorrow at 09:00"
