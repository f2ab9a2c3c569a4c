//! Messages and their wishes, as a person would part them.

use super::*;

fn check(text: &str, expect: &[&str]) {
    let found: Vec<&str> = wishes(text).into_iter().map(|it| text.get(it).unwrap()).collect();
    assert_eq!(found, expect, "{text}");
}

#[test]
fn one_wish_stays_one() {
    for text in [
        "我要退货", "请问这个怎么用", "因为尺码不合适，所以我想换一件大的", "如果已经拆封了，还能退吗", "这件还有货吗", "我的快递还有多久到", "你们还有别的颜色吗", "我买了两件，还有一件没收到", "可以同时用两张优惠券吗",
        "虽然过了七天，但是质量有问题，能退吗", "我昨天买的鞋子，今天收到了，发现开胶，想退货", "钱已经扣了，结果订单没成功，怎么办", "订单号是12345，帮我查一下到哪了", "这个多少钱", "退货的话，运费谁出", "要是明天还不发货，我就投诉",
        "播放一首周杰伦的歌", "价格1,299元的那款有现货吗", "how do i return this and get a refund", "if my card is declined, what should i do", "i tried to log in and check my balance", "when i open the app, it crashes",
        "i ordered a lamp, it arrived broken, i want a refund", "because it is too small, i want to exchange it", "what is the difference between plan a and plan b", "my name is tom and jerry is my cat", "i paid 1,299.50 for it",
        "can you also check the weather", "please tell me where my order is",
    ] {
        check(text, &[text]);
    }
}

#[test]
fn joined_wishes_are_parted_in_chinese() {
    check("我要退货，另外帮我开张发票", &["我要退货", "帮我开张发票"]);
    check("帮我查下快递，还有运费怎么算", &["帮我查下快递", "运费怎么算"]);
    check("怎么退货还有运费谁出", &["怎么退货", "运费谁出"]);
    check("取消订单，顺便把优惠券退给我", &["取消订单", "把优惠券退给我"]);
    check("我想换个大号的，再就是鞋盒也破了", &["我想换个大号的", "鞋盒也破了"]);
    check("打开客厅的灯同时关掉空调", &["打开客厅的灯", "关掉空调"]);
    check("怎么改地址以及什么时候发货", &["怎么改地址", "什么时候发货"]);
    check("怎么退货？运费谁出？", &["怎么退货", "运费谁出"]);
    check("什么时候发货，能不能开发票", &["什么时候发货", "能不能开发票"]);
    check("我要投诉快递员。另外，什么时候能重新派送？", &["我要投诉快递员", "什么时候能重新派送"]);
    check("帮我查一下余额，再帮我充一百块话费", &["帮我查一下余额", "再帮我充一百块话费"]);
    check("退款到账了吗，还有就是积分怎么没加", &["退款到账了吗", "积分怎么没加"]);
    check("我要退票；顺带问一下，儿童票怎么买", &["我要退票", "问一下，儿童票怎么买"]);
    check("发票开错了，要重开。对了，你们几点下班？", &["发票开错了，要重开", "你们几点下班"]);
    check("帮我订明天的机票\n提醒我早上六点起床", &["帮我订明天的机票", "提醒我早上六点起床"]);
    check("我想改地址，也想改电话", &["我想改地址", "也想改电话"]);
    check("杯子碎了，我要退款，此外快递员态度很差", &["杯子碎了，我要退款", "快递员态度很差"]);
    check("怎么注册会员？第二个问题，积分能换什么？", &["怎么注册会员", "积分能换什么"]);
    check("帮我取消订单然后帮我退掉运费险", &["帮我取消订单", "帮我退掉运费险"]);
    check("有没有红色的，多久能到，可以货到付款吗", &["有没有红色的", "多久能到", "可以货到付款吗"]);
    check("我要退货，另外如果超过七天，怎么办", &["我要退货", "如果超过七天，怎么办"]);
}

#[test]
fn joined_wishes_are_parted_in_english() {
    check("I want to cancel my order and also update my address.", &["I want to cancel my order", "update my address"]);
    check("Where is my parcel? Can I change the address?", &["Where is my parcel", "Can I change the address"]);
    check("please cancel my order and please refund me", &["please cancel my order", "please refund me"]);
    check("What's my balance? By the way, how do I reset my PIN?", &["What's my balance", "how do I reset my PIN"]);
    check("I need a refund. Also, who pays for shipping?", &["I need a refund", "who pays for shipping"]);
    check("check my balance and transfer 50 dollars to mom", &["check my balance", "transfer 50 dollars to mom"]);
    check("turn on the lights and play some jazz", &["turn on the lights", "play some jazz"]);
    check("my card was stolen, please block it, and can you send a new one", &["my card was stolen, please block it", "can you send a new one"]);
    check("I'd like to return the shoes, plus I need an invoice", &["I'd like to return the shoes", "I need an invoice"]);
    check("How long is shipping? Do you ship abroad? Is there a fee?", &["How long is shipping", "Do you ship abroad", "Is there a fee"]);
    check("cancel my subscription. one more thing, delete my account", &["cancel my subscription", "delete my account"]);
    check("I ordered a lamp. It arrived broken. I want a refund and also change my email.", &["I ordered a lamp. It arrived broken. I want a refund", "change my email"]);
    check("what time do you open and where are you located", &["what time do you open", "where are you located"]);
}

#[test]
fn greetings_and_thanks_are_no_wishes() {
    check("你好", &[]);
    check("你好，在吗？", &[]);
    check("谢谢！", &[]);
    check("hi, thanks!", &[]);
    check("您好，我要退货，谢谢", &["我要退货"]);
    check("你好，请问一下，可以退吗？谢谢。", &["请问一下，可以退吗"]);
    check("Hello! Where is my order? Thanks.", &["Where is my order"]);
    check("Hi, I have a question, how do I return this?", &["I have a question, how do I return this"]);
    check("在吗？怎么退货？谢谢，另外运费谁出？", &["怎么退货", "运费谁出"]);
    check("能帮我查一下吗？我的快递到哪了？", &["能帮我查一下吗？我的快递到哪了"]);
}

#[test]
fn what_is_odd_has_a_defined_result() {
    check("", &[]);
    check("？？？", &[]);
    check("，，，。。。", &[]);
    check("😡😡", &["😡😡"]);
    check("另外", &[]);
    check("a", &["a"]);
    check("怎么退？怎么换？怎么改？怎么查？怎么付？怎么寄？", &["怎么退", "怎么换", "怎么改", "怎么查", "怎么付？怎么寄"]);
    assert_eq!(wishes(&"怎么退货？".repeat(70_000)).len(), PARTS_MAX);
    assert!((1..=PARTS_MAX).contains(&wishes(&"帮我还有".repeat(80_000)).len()));
}
