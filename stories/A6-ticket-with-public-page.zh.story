story "会话变成工单，客户用私密链接查看进度" rows A6

agent 林夏 works here
agent 林夏 comes online
customer 小林 opens shop in zh-CN
customer 小林 says "转人工"
agent 林夏 accepts 小林
agent 林夏 makes ticket "更换 42 码" for 小林
小林 gets ticket "更换 42 码"
ticket page of 小林 shows received
agent 林夏 moves ticket of 小林 to in_progress "新鞋已从杭州仓寄出"
小林 hears "处理中"
ticket page of 小林 shows in_progress "新鞋已从杭州仓寄出"
agent 林夏 resolves 小林
# 会话结束了，工单还在走。
agent 林夏 moves ticket of 小林 to done "已签收"
小林 hears "已完成"
ticket page of 小林 shows done "已签收"
小林 is resolved
