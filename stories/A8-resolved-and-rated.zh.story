story "会话结束后请客户评价，再次来信回到同一位坐席" rows A8 A3

agent 林夏 works here with capacity 2
agent 周远 works here with capacity 2
agent 林夏 comes online
customer 小林 opens shop in zh-CN
customer 小林 says "转人工"
agent 林夏 accepts 小林
agent 林夏 says to 小林 "已经为您办好了"
agent 林夏 resolves 小林
小林 is resolved
小林 hears "请为本次服务评个分"
小林 was asked to rate 1 time
customer 小林 rates 5 "很快，谢谢"
小林 rated 5
小林 hears "感谢您的评价"
# 道谢不会重新打开会话。
customer 小林 says "谢谢"
小林 hears "不客气"
小林 is resolved
# 有新问题就接着谈，还是原来的人。
agent 周远 comes online
customer 小林 says "还有一件事，包裹破了"
小林 is assigned to 林夏
agent 林夏 resolves 小林
小林 was asked to rate 1 time
# 另开一个会话，也先找熟悉的人。
customer 小林 starts anew "我要找真人客服"
小林 is offered to 林夏
