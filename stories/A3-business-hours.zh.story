story "国庆放假时客户知道何时恢复服务，调休的周末照常上班" rows A3

# 2026 年 10 月 1 日至 7 日放假，9 月 20 日（周日）和 10 月 10 日（周六）上班。
at 2026-09-30 18:30 Asia/Shanghai
shop hours mon-fri 09:00-18:00 Asia/Shanghai holidays cn
agent 林夏 works here
customer 小林 opens shop in zh-CN
customer 小林 says "转人工"
小林 hears "现在不是人工客服的工作时间，10月8日（周四）09:00开始服务"
小林 is queued
at 2026-10-02 11:00 Asia/Shanghai
customer 小周 opens shop in zh-CN
customer 小周 says "我要找真人客服"
小周 hears "现在是国庆节假期，人工客服10月8日（周四）09:00恢复服务"
小周 waits at position 2
# 有人提前上班，就有人接待。
at 2026-10-08 08:50 Asia/Shanghai
agent 林夏 comes online
小林 is offered to 林夏
agent 林夏 accepts 小林
agent 林夏 accepts 小周
# 调休的周六照常上班，周日休息。
at 2026-10-10 10:00 Asia/Shanghai
agent 林夏 goes offline
customer 小吴 opens shop in zh-CN
customer 小吴 says "转人工"
小吴 hears "目前客服都不在线"
at 2026-10-11 10:00 Asia/Shanghai
customer 小郑 opens shop in zh-CN
customer 小郑 says "转人工"
小郑 hears "明天 09:00开始服务"
