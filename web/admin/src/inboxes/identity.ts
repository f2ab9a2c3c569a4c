// Code that signs a customer's identity on the tenant's own server: HS256 by hand in four languages, without a library.

export type IdentityLanguage = "node" | "python" | "java" | "go";

export const IDENTITY_LANGUAGES: { id: IdentityLanguage; label: string }[] = [
  { id: "node", label: "Node.js" },
  { id: "python", label: "Python" },
  { id: "java", label: "Java" },
  { id: "go", label: "Go" },
];

const NODE = `import { createHmac } from "node:crypto";

const SECRET = process.env.RAPPORT_IDENTITY_SECRET;

export function identityToken(user) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = encode({ alg: "HS256", typ: "JWT" });
  const body = encode({
    sub: String(user.id),
    name: user.name,
    email: user.email,
    exp: Math.floor(Date.now() / 1000) + 3600,
  });
  const signature = createHmac("sha256", SECRET).update(\`\${head}.\${body}\`).digest("base64url");
  return \`\${head}.\${body}.\${signature}\`;
}
`;

const PYTHON = `import base64, hashlib, hmac, json, os, time

SECRET = os.environ["RAPPORT_IDENTITY_SECRET"]

def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

def identity_token(user) -> str:
    head = _encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = _encode(json.dumps({
        "sub": str(user["id"]),
        "name": user["name"],
        "email": user["email"],
        "exp": int(time.time()) + 3600,
    }).encode())
    signed = f"{head}.{body}".encode()
    signature = _encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest())
    return f"{head}.{body}.{signature}"
`;

const JAVA = `import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Identity {
  private static final String SECRET = System.getenv("RAPPORT_IDENTITY_SECRET");

  private static String encode(byte[] data) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
  }

  /** json: {"sub":"42","name":"Ada","email":"ada@example.com","exp":1767225600} */
  public static String token(String json) throws Exception {
    String head = encode("{\\"alg\\":\\"HS256\\",\\"typ\\":\\"JWT\\"}".getBytes(UTF_8));
    String body = encode(json.getBytes(UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    String signature = encode(mac.doFinal((head + "." + body).getBytes(UTF_8)));
    return head + "." + body + "." + signature;
  }
}
`;

const GO = `package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"time"
)

var encode = base64.RawURLEncoding.EncodeToString

func Token(id, name, email string) (string, error) {
	head := encode([]byte(\`{"alg":"HS256","typ":"JWT"}\`))
	claims, err := json.Marshal(map[string]any{
		"sub": id, "name": name, "email": email,
		"exp": time.Now().Add(time.Hour).Unix(),
	})
	if err != nil {
		return "", err
	}
	signed := head + "." + encode(claims)
	mac := hmac.New(sha256.New, []byte(os.Getenv("RAPPORT_IDENTITY_SECRET")))
	mac.Write([]byte(signed))
	return signed + "." + encode(mac.Sum(nil)), nil
}
`;

export const IDENTITY_CODE: Record<IdentityLanguage, string> = { node: NODE, python: PYTHON, java: JAVA, go: GO };

/** On the page, after the snippet. */
export const IDENTIFY_CODE = `<script>
  window.Rapport = window.Rapport || function () { (Rapport.q = Rapport.q || []).push(arguments) };
  Rapport("identify", { token: "…" }); // the token from your server
</script>
`;
