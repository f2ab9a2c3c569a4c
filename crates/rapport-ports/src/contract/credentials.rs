//! Promises of secrets: a link works once, and what was ended stays ended.

use std::sync::Arc;

use rapport_model::{MemberId, Role};

use super::world::{NOW, Subject, World};
use crate::{Credential, CredentialKind};

fn credential(world: &mut World, kind: CredentialKind, hash: u8, member: Option<MemberId>) -> Credential {
    Credential {
        id: world.ids.next(),
        tenant: world.id,
        kind,
        hash: [hash; 32],
        member,
        role: member.is_none().then_some(Role::Supervisor),
        label: "笔记本".into(),
        detail: "argon2…".into(),
        created_at: NOW,
        expires_at: Some(NOW.plus_seconds(60)),
        last_used_at: None,
    }
}

pub async fn a_link_works_once(subject: Subject) {
    let mut world = World::new(subject).await;
    let member = Some(world.ids.next());
    let link = credential(&mut world, CredentialKind::SignInLink, 1, member);
    world.tenant.put_credential(&link).await.expect("put");
    let takers: Vec<_> = (0..16)
        .map(|_| {
            let store = Arc::clone(&world.store);
            tokio::spawn(async move { store.take_credential([1; 32], NOW).await.expect("take") })
        })
        .collect();
    let mut got = Vec::new();
    for taker in takers {
        got.extend(taker.await.expect("task"));
    }
    assert_eq!(got, [link], "one of all who asked");
    assert_eq!(world.store.credential([1; 32]).await.expect("read"), None);

    let late = credential(&mut world, CredentialKind::SignInLink, 2, member);
    world.tenant.put_credential(&late).await.expect("put");
    assert_eq!(world.store.take_credential([2; 32], NOW.plus_seconds(60)).await.expect("take"), None, "too late");
    assert_eq!(world.store.take_credential([2; 32], NOW).await.expect("take"), None, "and spent by asking too late");
    let session = credential(&mut world, CredentialKind::Session, 3, member);
    world.tenant.put_credential(&session).await.expect("put");
    assert_eq!(world.store.take_credential([3; 32], NOW).await.expect("take"), None, "only links are taken");
    assert_eq!(world.store.credential([3; 32]).await.expect("read"), Some(session), "and a session is not ended by trying");
}

pub async fn credentials_end(subject: Subject) {
    let mut world = World::new(subject).await;
    let (ada, bob): (MemberId, MemberId) = (world.ids.next(), world.ids.next());
    let mut session = credential(&mut world, CredentialKind::Session, 1, Some(ada));
    let token = credential(&mut world, CredentialKind::ApiToken, 2, None);
    let password = credential(&mut world, CredentialKind::Password, 3, Some(ada));
    let other = credential(&mut world, CredentialKind::Session, 4, Some(bob));
    for it in [&session, &token, &password, &other] {
        world.tenant.put_credential(it).await.expect("put");
        assert_eq!(world.store.credential(it.hash).await.expect("read").as_ref(), Some(it));
    }
    session.last_used_at = Some(NOW.plus_seconds(5));
    session.expires_at = Some(NOW.plus_seconds(500));
    world.tenant.put_credential(&session).await.expect("used");
    assert_eq!(world.store.credential([1; 32]).await.expect("read").as_ref(), Some(&session));
    let mut sessions = world.tenant.credentials(CredentialKind::Session).await.expect("list");
    sessions.sort_by_key(|it| it.hash);
    assert_eq!(sessions, [session, other.clone()]);
    let twin = Credential { id: world.ids.next(), ..other.clone() };
    world.tenant.put_credential(&twin).await.expect_err("one secret, one credential");

    assert_eq!(world.tenant.revoke_member(ada, &[CredentialKind::Session, CredentialKind::SignInLink]).await.expect("revoke"), 1);
    assert_eq!(world.store.credential([1; 32]).await.expect("read"), None);
    assert_eq!(world.store.credential([3; 32]).await.expect("read"), Some(password), "the password is another kind");
    assert_eq!(world.store.credential([4; 32]).await.expect("read"), Some(other), "and Bob is another member");
    assert!(world.tenant.delete_credential(token.id).await.expect("delete"));
    assert!(!world.tenant.delete_credential(token.id).await.expect("again"));
    assert_eq!(world.store.credential([2; 32]).await.expect("read"), None);
}
