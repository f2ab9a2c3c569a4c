story "排队时知道自己的位置和大概要等多久" rows A3 A5

agent 林夏 works here with capacity 1
customer 小林 opens shop in zh-CN
customer 小周 opens shop in zh-CN
customer 小吴 opens shop in zh-CN

# 没有人在线：有位置，没有估计，请留联系方式。
customer 小林 says "我要找真人客服"
小林 hears "目前客服都不在线"
小林 waits at position 1 without an estimate
customer 小周 asks for a person
小周 waits at position 2 without an estimate
customer 小周 gives phone "13800000000"

# 有人上线，先到先得。
agent 林夏 comes online
小林 is offered to 林夏
agent 林夏 accepts 小林
小林 is assigned to 林夏
小周 waits at position 1 without an estimate

# 接待过一位之后，知道要多久。
agent 林夏 resolves 小林
小周 is offered to 林夏
customer 小吴 says "转人工"
小吴 hears "您排在第 2 位，预计等待"
小吴 waits at position 2 with an estimate
agent 林夏 accepts 小周

# 不想等了，可以回到机器人。
customer 小吴 leaves the queue
小吴 hears "已取消排队"
小吴 is with the bot
customer 小吴 says "发票怎么开"
bot answers 小吴 citing "发票"
