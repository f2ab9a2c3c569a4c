story "没听懂就先问是不是这几样，再谈人工" rows B3 A5

agent 林夏 works here
agent 林夏 comes online
customer 小周 opens shop in zh-CN
customer 小周 says "我想跟你们老板聊聊开店的事"
小周 hears "您想问的是下面哪一个"
小周 is with the bot
customer 小周 presses "商务合作"
小周 hears "partner@cloudstep.example"
# 再次没听懂，不再反问，直接提供人工。
customer 小周 says "帮我订一张去北京的火车票"
小周 hears "您想问的是下面哪一个"
customer 小周 says "帮我写一首诗"
bot does not know for 小周
customer 小周 presses "转人工"
小周 is offered to 林夏 with summary "火车票"
