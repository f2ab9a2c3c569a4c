story "不满持续：先道歉再回答，补偿在额度内给出；客户平复后，优先级恢复" rows B3

shop notices feelings on
agent 林夏 works here
customer 小周 opens shop in zh-CN
customer 小周 agrees that feelings are noticed
customer 小周 says "太让人失望了！等了三天没人管，气死我了！你们这是骗人！"
customer 小周 says "气死我了！！什么垃圾服务，太过分了！"
小周 is cared for by soothe
小周 hears "非常抱歉"
customer 小周 says "还是没人管？？你们真是太差劲了，我要打12315投诉！"
小周 is cared for by alert_supervisor
小周 has priority urgent
customer 小周 says "气死我了，垃圾，骗子！"
小周 hears "补偿"
小周 has compensation offered
customer 小周 accepts the compensation
小周 has compensation accepted

after 3 minutes
customer 小周 says "好的，谢谢你们"
after 1 minutes
customer 小周 says "谢谢，满意"
after 1 minutes
customer 小周 says "没问题了，非常感谢"
after 1 minutes
customer 小周 says "谢谢，辛苦了"
小周 has priority normal
小周 is not cared for
