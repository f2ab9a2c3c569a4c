//! Copied while it serves, restored elsewhere: everything acknowledged before the copy began is there, with the files and the secret.

use std::{path::Path, process::Command, sync::Arc};

use serde_json::{Value, json};

use crate::{
    process::Start,
    senders::{self, Senders, Window},
    verdict::{self, Verdict},
};

const SENDERS: usize = 8;
/// The smallest PNG there is.
const PICTURE: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 13, b'I',
    b'D', b'A', b'T', 0x78, 0x9C, 0x63, 0, 1, 0, 0, 5, 0, 1, 0x0D, 0x0A, 0x2D, 0xB4, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
];

/// Runs a command of the binary; its standard error where it fails.
fn rapport(arguments: &[&str], paths: &[&Path]) -> Result<String, String> {
    let out = Command::new(env!("CARGO_BIN_EXE_rapport")).args(arguments).args(paths).output().expect("rapport");
    if out.status.success() { Ok(String::from_utf8_lossy(&out.stdout).into_owned()) } else { Err(String::from_utf8_lossy(&out.stderr).into_owned()) }
}

/// A customer who has sent a picture: token and address of the file.
async fn with_picture(address: &str) -> (String, String) {
    let token = senders::session(address).await;
    let part = reqwest::multipart::Part::bytes(PICTURE).file_name("鞋.png").mime_str("image/png").expect("type");
    let upload = reqwest::Client::new().post(format!("http://{address}/api/rapport/v1/widget/uploads")).bearer_auth(&token);
    let answer = upload.multipart(reqwest::multipart::Form::new().part("file", part)).send().await.expect("upload");
    assert!(answer.status().is_success(), "{}", answer.text().await.expect("text"));
    let file: Value = answer.json().await.expect("json");
    let sent = senders::say(address, &token, "picture-1", &json!({"type": "image", "file": file})).await;
    assert_eq!(sent["t"], "ack", "{sent}");
    (token, file["blob"].as_str().expect("blob").to_owned())
}

async fn picture(address: &str, token: &str, blob: &str) -> Vec<u8> {
    let asked = reqwest::Client::new().get(format!("http://{address}/api/rapport/v1/widget/files/{blob}")).bearer_auth(token);
    let answer = asked.send().await.expect("file");
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.bytes().await.expect("bytes").to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_while_serving_is_whole() {
    let folder = tempfile::tempdir().expect("folder");
    let at = |name: &str| folder.path().join(name);
    let server = Start::at(&at("data")).run();
    server.ready().await;
    let (token, blob) = with_picture(&server.address).await;
    let clock = std::time::Instant::now();
    let mark = move || u64::try_from(clock.elapsed().as_nanos()).expect("fits");
    let senders = Senders::start(SENDERS, Window::Four, &server.address, Arc::new(mark)).await;
    let mut copies = Vec::new();
    for n in 0..2 {
        senders.more(300).await;
        let (archive, begun) = (at(&format!("copy-{n}.tar.gz")), mark());
        let (data, to) = (at("data"), archive.clone());
        // The senders go on meanwhile.
        let said = tokio::task::spawn_blocking(move || rapport(&["backup", "--data"], &[&data, &to])).await.expect("task").expect("backup");
        assert!(said.contains("backup written"), "{said}");
        copies.push((archive, begun));
    }
    senders.more(50).await;
    let told = senders.finish().await;
    server.kill();

    for (n, (archive, begun)) in copies.iter().enumerate() {
        let restored = at(&format!("restored-{n}"));
        let said = rapport(&["restore", "--data"], &[&restored, archive]).expect("restore");
        assert!(said.contains("1 tenant(s)"), "{said}");
        let kept = verdict::kept(&restored).await.expect("a whole journal");
        assert_eq!(verdict::judge(&told, &without_the_picture(kept), *begun), Verdict::default());
        assert_eq!(verdict::damage(&restored), Vec::<String>::new());
        let server = Start::at(&restored).run();
        server.ready().await;
        assert_eq!(picture(&server.address, &token, &blob).await, PICTURE, "the customer's session and file");
    }
    let again = rapport(&["restore", "--data"], &[&at("restored-0"), &copies[0].0]).expect_err("a folder that holds data");
    assert!(again.contains("holds a database already"), "{again}");
    let broken = at("broken.tar.gz");
    let whole = std::fs::read(&copies[0].0).expect("archive");
    std::fs::write(&broken, &whole[..whole.len() / 2]).expect("half");
    rapport(&["restore", "--data"], &[&at("restored-broken"), &broken]).expect_err("half an archive");
}

fn without_the_picture(kept: Vec<verdict::Kept>) -> Vec<verdict::Kept> {
    kept.into_iter().filter(|it| it.id != "picture-1").collect()
}
