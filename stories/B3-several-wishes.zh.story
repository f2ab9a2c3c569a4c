story "一条消息里的几件事一起回答" rows B3

customer 小周 opens shop in zh-CN
customer 小周 says "发票怎么开？另外你们还招人吗"
bot answers 小周 citing "发票"
小周 has "jobs@cloudstep.example" once
小周 is with the bot
# 方言也听得懂。
customer 小周 says "你哋招人吗"
小周 hears "jobs@cloudstep.example"
