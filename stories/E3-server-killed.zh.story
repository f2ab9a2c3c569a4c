story "服务器在对话中被杀掉，重启后双方从断点继续" rows E3 E1

agent 林夏 works here
agent 林夏 comes online
customer 小林 opens shop in zh-CN
customer 小林 says "我买的鞋码数不合适，可以换吗？"
bot answers 小林 citing "换货"
server is killed
customer 小林 says "转人工"
小林 is offered to 林夏 with summary "我买的鞋码数不合适"
agent 林夏 accepts 小林
agent 林夏 says to 小林 "您好，稍等"
server is killed
小林 is assigned to 林夏
小林 has "您好，稍等" once
customer 小林 says "好的，我等着"
agent 林夏 hears "好的，我等着" from 小林
agent 林夏 makes ticket "换 42 码" for 小林
server is killed
小林 gets ticket "换 42 码"
ticket page of 小林 shows received
agent 林夏 resolves 小林
server is killed
customer 小林 rates 4
小林 rated 4
小林 has "我买的鞋码数不合适，可以换吗？" once
小林 has "好的，我等着" once
