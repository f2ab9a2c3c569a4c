story "网络断开再恢复，一条不丢，一条不重" rows E3 A3

agent 林夏 works here
agent 林夏 comes online
customer 小林 opens shop in zh-CN
customer 小林 says "转人工"
agent 林夏 accepts 小林
agent 林夏 says to 小林 "您好"
小林 hears "您好"

# 客户合上笔记本，写了两句；坐席这边也说了话。
customer 小林 goes offline
customer 小林 says "第一句，断网时写的"
customer 小林 says "第二句，断网时写的"
agent 林夏 says to 小林 "您还在吗"
customer 小林 comes back
小林 hears "您还在吗"
agent 林夏 hears "第一句" from 小林
agent 林夏 hears "第二句" from 小林
小林 has "第一句，断网时写的" once
小林 has "第二句，断网时写的" once
小林 has "您还在吗" once

# 坐席断线后回来，会话还是自己的。
agent 林夏 goes offline
customer 小林 says "现在轮到您断网了"
agent 林夏 comes online
agent 林夏 hears "现在轮到您断网了" from 小林
小林 is assigned to 林夏
agent 林夏 says to 小林 "我回来了"
小林 hears "我回来了"
小林 has "我回来了" once
