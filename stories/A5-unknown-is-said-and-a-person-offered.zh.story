story "知识库里没有的，如实说不知道，并提供人工" rows A5

agent 林夏 works here
agent 林夏 comes online
customer 小周 opens shop in zh-CN
customer 小周 says "帮我订一张去北京的火车票"
bot does not know for 小周
小周 is with the bot
customer 小周 says "帮我写一首诗"
小周 hears "建议转接人工客服"
customer 小周 presses "转人工"
小周 is offered to 林夏 with summary "帮我写一首诗"
agent 林夏 accepts 小周
小周 is assigned to 林夏
# 人来了，机器人不再插话。
customer 小周 says "发票怎么开"
agent 林夏 hears "发票怎么开" from 小周
小周 never heard "申请发票"
