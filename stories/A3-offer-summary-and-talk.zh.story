story "坐席收到带摘要的邀请，接受后双方收发文字、表情、图片和文件" rows A3 A5

agent 林夏 works here
agent 林夏 comes online
customer 小林 opens shop in zh-CN
customer 小林 says "我买的鞋码数不合适，可以换吗？"
bot answers 小林 citing "换货"
customer 小林 says "我要退货，转人工"
小林 is offered to 林夏 with summary "我要退货"
小林 is offered to 林夏 with summary "我买的鞋码数不合适"
agent 林夏 accepts 小林
小林 is assigned to 林夏

agent 林夏 types to 小林
小林 sees 林夏 typing
agent 林夏 says to 小林 "您好，我来帮您处理 🙂"
小林 hears "🙂"
customer 小林 reads
小林 has read everything

customer 小林 types
agent 林夏 sees 小林 typing
customer 小林 says "这是照片👟"
customer 小林 sends picture "鞋子.png"
customer 小林 sends file "订单.pdf"
agent 林夏 hears "👟" from 小林
agent 林夏 gets picture "鞋子.png" from 小林
agent 林夏 gets file "订单.pdf" from 小林
agent 林夏 reads 小林
小林 was read by agents

agent 林夏 sends picture "示例.png" to 小林
小林 gets picture "示例.png"
agent 林夏 sends file "退货单.pdf" to 小林
小林 gets file "退货单.pdf"
# 内部备注客户看不到。
agent 林夏 notes on 小林 "老客户，运费我们出"
小林 never heard "老客户"
