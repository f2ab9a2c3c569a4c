story "With consent, worry and anger are noticed: priority is raised and a supervisor told; once it is taken back, all of it stops" rows B3

shop notices feelings on
agent Lin works here
customer Grace opens shop in en
customer Grace says "I will file a complaint with the ombudsman"
Grace is not cared for
Grace has priority normal

customer Grace agrees that feelings are noticed
customer Grace says "This is outrageous, I will file a complaint with the ombudsman!"
Grace is cared for by alert_supervisor
Grace is cared for by prioritise
Grace has priority urgent

customer Grace takes consent back
Grace is not cared for
Grace has priority normal
customer Grace says "I am calling my lawyer, this is outrageous!"
Grace is not cared for
