package message_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
)

func TestScrub(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, message, want string }{
		{"plain", `MountVolume.SetUp failed for volume "tls" : secret "tls-web" not found`, `MountVolume.SetUp failed for volume "tls" : secret "tls-web" not found`},
		{"name of a key", `couldn't find key password in Secret shop/db`, `couldn't find key password in Secret shop/db`},
		{"name of a key of a volume", "references non-existent secret key: tls.crt", "references non-existent secret key: tls.crt"},
		{"volume called secret", `volume "secret" : secret "x" not found`, `volume "secret" : secret "x" not found`},
		{"sentence about a token", `failed to fetch token: serviceaccounts "web" not found`, `failed to fetch token: serviceaccounts "web" not found`},
		{"basic auth as a word", `no basic auth credentials`, `no basic auth credentials`},
		{"sentence about authorization", `may require authorization: server message: denied`, `may require authorization: server message: denied`},
		{"bearer as a word", `Bearer token is missing`, `Bearer token is missing`},
		{"digest", `docker.io/library/web:v9@sha256:7f9c8b6d5e4f`, `docker.io/library/web:v9@sha256:7f9c8b6d5e4f`},
		{"URL", `Get "https://registry.example.com/v2/": dial tcp: lookup registry.example.com: no such host`, `Get "https://registry.example.com/v2/": dial tcp: lookup registry.example.com: no such host`},
		{"URL with a password", `Get "https://bob:hunter2@registry.example.com/v2/?x=1"`, `Get "https://…@registry.example.com/v2/?x=1"`},
		{"URL with a token", `https://x-token@git.example.com`, `https://…@git.example.com`},
		{"signed URL", `Get "https://s3/b?X-Amz-Signature=abcdef&X-Amz-Date=2026"`, `Get "https://s3/b?X-Amz-Signature=…&X-Amz-Date=2026"`},
		{"data source name", `dial root:hunter2@tcp(db:3306)/shop failed`, `dial …@tcp(db:3306)/shop failed`},
		{"assignment", `start with DB_PASSWORD=hunter2, PORT=80`, `start with DB_PASSWORD=…, PORT=80`},
		{"assignment with blanks", `password = hunter2 and so on`, `password = … and so on`},
		{"assignment in quotes", `dsn: host=db password='two words' user=x`, `dsn: host=db password='…' user=x`},
		{"prose", `login with password: hunter2 failed`, `login with password: … failed`},
		{"prose with a token", `using token: 8f14e45fceea167a5a36 for x`, `using token: … for x`},
		{"JSON", `{"user":"bob","clientSecret":"hunter2","n":1}`, `{"user":"bob","clientSecret":"…","n":1}`},
		{"JSON in quotes", `body "{\"password\":\"hunter2\",\"a\":1}"`, `body "{\"password\":\"…\",\"a\":1}"`},
		{"bearer", `Authorization: Bearer abcDEF123456`, `Authorization: Bearer …`},
		{"basic", `header basic dXNlcjpodW50ZXIy sent`, `header basic … sent`},
		{"web token", `got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl back`, `got … back`},
		{"issuer", `clone with ghp_0123456789abcdefghijklmnopqrstuvwxyz`, `clone with …`},
		{"private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\ndone", `… done`},
		{"half a private key", "x -----BEGIN PRIVATE KEY----- MIIE", `x …`},
		{"certificate", "-----BEGIN CERTIFICATE----- MIIE -----END CERTIFICATE-----", "-----BEGIN CERTIFICATE----- MIIE -----END CERTIFICATE-----"},
		{"lines", "one\n\ttwo\r\n", "one two"},
		{"escape", "red \x1b[31m", "red ␛[31m"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := message.Scrub(test.message); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			checkScrubbed(t, test.message)
		})
	}
}

func TestScrubIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 20_000) + "password=" + strings.Repeat("x", 40_000)
	if got := utf8.RuneCountInString(message.Scrub(long)); got != 1024 {
		t.Errorf("%d characters, want 1024", got)
	}
	if got := message.Scrub("a ghp_" + strings.Repeat("0123456789", 4000)); strings.Contains(got, "ghp") {
		t.Errorf("half a token is left: %s", got)
	}
}

// secrets are the patterns that nothing scrubbed may match, written otherwise than
// the code does.
var secrets = regexp.MustCompile(`(?i:://[^/?# "'<>,;` + "`" + `…]+@)|` +
	`(?i:(?:^|[^A-Za-z0-9])(?:bearer|basic) [^ ,;&()\[\]{}<>|"'` + "`" + `…][^ ,;&()\[\]{}<>|"'` + "`" + `]{23})|` +
	`(?i:password=[^ ,;&()\[\]{}<>|"'` + "`" + `…\\])|` +
	`(?:^|[^A-Za-z0-9_-])(?:eyJ[A-Za-z0-9_.-]{16}|ghp_[A-Za-z0-9]{16}|AKIA[A-Z0-9]{12})|` +
	`-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----`)

// checkScrubbed holds what holds for every message.
func checkScrubbed(t *testing.T, raw string) {
	t.Helper()
	got := message.Scrub(raw)
	if again := message.Scrub(got); again != got {
		t.Errorf("scrubbed twice:\n%q\n%q", got, again)
	}
	if found := secrets.FindString(got); found != "" {
		t.Errorf("a secret is left: %q in %q", found, got)
	}
	if utf8.RuneCountInString(got) > 1024 {
		t.Errorf("%d characters", utf8.RuneCountInString(got))
	}
	if at := strings.IndexFunc(got, unicode.IsControl); at >= 0 || !utf8.ValidString(got) {
		t.Errorf("a control character or half of one in %q", got)
	}
}

func FuzzScrub(f *testing.F) {
	for _, seed := range []string{
		"password=hunter2", `"token":"x"`, "https://a:b@c", "Bearer abcDEF123456", "-----BEGIN PRIVATE KEY-----",
		"eyJhbGciOiJIUzI1NiJ9.eyJz", "a:b@c", "\x1b[31m\xff", "token=\\\"a\\\" b", "bearer=password:x", "pass='a\\'b' ghp_0123456789abcdefghij",
	} {
		f.Add(seed)
	}
	f.Fuzz(checkScrubbed)
}

func TestNormal(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, a, b, want string }{
		{
			"pods of a ReplicaSet",
			`back-off 5m0s restarting failed container=web pod=web-7f9c8b6d5-x2x9q_shop(7f2c1a9e-0d3b-4c55-9c1e-aabbccddeeff)`,
			`back-off 40s restarting failed container=web pod=web-5d4f6c7b8-zzwqk_shop(00000000-aaaa-bbbb-cccc-dddddddddddd)`,
			`back-off # restarting failed container=web pod=web-#_shop(#)`,
		},
		{
			"addresses", `Get "http://10.0.0.17:8080/healthz": dial tcp 10.0.0.17:8080: connect: connection refused`,
			`Get "http://10.244.3.1:9090/healthz": dial tcp 10.244.3.1:9090: connect: connection refused`,
			`Get "http://#/healthz": dial tcp #: connect: connection refused`,
		},
		{"address of version 6", `dial tcp [fd00::abcd:1]:53: i/o timeout`, `dial tcp [fd00:10::7]:53: i/o timeout`, `dial tcp [#]:#: i/o timeout`},
		{"digest", `image sha256:7f9c8b6d5e4f not found`, `image sha256:000c8b6d5e4f not found`, `image sha256:# not found`},
		{"terms", `x509: certificate has expired: current time 2026-11-22T02:15:00Z is after 2026-11-21T00:00:00Z`, `x509: certificate has expired: current time 2025-01-02T02:15:00Z is after 2025-01-01T00:00:00Z`, `x509: certificate has expired: current time # is after #`},
		{"letters alone", `pod "web-bcdfg" not found`, `pod "web-xwvtz" not found`, `pod "web-#" not found`},
		{"words", `pod "web-nginx" not found`, `pod "web-nginx" not found`, `pod "web-nginx" not found`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if a, b := message.Normal(test.a), message.Normal(test.b); a != test.want || b != test.want {
				t.Errorf("got  %s\nand  %s\nwant %s", a, b, test.want)
			}
		})
	}
	if a, b := message.Normal(`secret "tls-web" not found`), message.Normal(`secret "tls-shop" not found`); a == b {
		t.Errorf("what is missing is a cause: %s", a)
	}
}

func FuzzNormal(f *testing.F) {
	f.Add("pod web-7f9c8b6d5-x2x9q 10.0.0.1:80 fd00::1 5m0s")
	f.Fuzz(func(t *testing.T, raw string) {
		got := message.Normal(raw)
		if again := message.Normal(got); again != got {
			t.Errorf("normalised twice:\n%q\n%q", got, again)
		}
		if utf8.RuneCountInString(got) > 256 {
			t.Errorf("%d characters", utf8.RuneCountInString(got))
		}
	})
}
