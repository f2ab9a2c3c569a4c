story "坐席谢绝或没有回应，邀请给下一位，客户不会被忘记" rows A3

shop routing offer 30 s
agent 林夏 works here with capacity 1
agent 周远 works here with capacity 1
agent 林夏 comes online
agent 周远 comes online
customer 小林 opens shop in zh-CN
customer 小林 says "转人工"
小林 is offered to 林夏
agent 林夏 declines 小林
小林 is offered to 周远
# 没有回应：回到队列，过一会儿再问一轮。
after 31 seconds
小林 is queued
after 62 seconds
小林 is offered to 林夏
# 离开工位，邀请收回，给别人。
agent 林夏 goes offline
小林 is offered to 周远
agent 周远 accepts 小林
小林 is assigned to 周远
# 放回队列带着新的摘要。
agent 林夏 comes online
customer 小林 says "我的包裹被雨淋湿了"
agent 周远 hears "雨淋湿" from 小林
agent 周远 puts back 小林
小林 is offered to 林夏 with summary "我的包裹被雨淋湿了"
