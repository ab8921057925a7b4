package credential

import "testing"

// random is the tail of a token: long enough for each issuer, and nobody's.
const random = "Q7ZK2M9XW4B8TD3VN6HY5RJ0CF1GLPSAQ7ZK2M9XW4B8TD3VN6HY5RJ0CF1GLPSAQ7ZK2M9XW4B8TD3VN6HY5RJ0CF1GLPSA"

func TestForm(t *testing.T) {
	t.Parallel()
	for _, token := range issued {
		if got := Form("use " + token.prefix + random + " for it"); got != token.what {
			t.Errorf("a text with %s… is %q, want %q", token.prefix, got, token.what)
		}
		if got := Form("my" + token.prefix + random); got != "" {
			t.Errorf("a word that contains %s… is %q, want nothing", token.prefix, got)
		}
		if got := Form(token.prefix + random[:8]); got != "" {
			t.Errorf("%s… and too little more is %q, want nothing", token.prefix, got)
		}
	}
	for value, want := range map[string]string{
		"":                          "",
		"AKIA" + "IOSFODNN7EXAMPLE": "", // the example of AWS's manuals
		"AKIA" + "AAAAAAAAAAAAAAAA": "",
		"https://user:secret@registry.example/v2":                              "a URL with a password",
		"redis://:secret@cache:6379/0":                                         "a URL with a password",
		"host=db url=amqp://a:b@mq more":                                       "a URL with a password",
		"https://user@registry.example/v2":                                     "",
		"https://user:@registry.example/v2":                                    "",
		"https://user:$(PASSWORD)@registry.example":                            "",
		"https://user:${PASSWORD}@registry.example":                            "",
		"https://user:<password>@registry.example":                             "",
		"https://registry.example/a:b@c":                                       "",
		"-----BEGIN PRIVATE KEY-----\n…":                                       "",
		"-----BEGIN PUBLIC KEY-----\n" + random + "\n-----END PUBLIC KEY-----": "",
		"-----BEGIN CERTIFICATE-----\n" + random + "\n-----BEGIN RSA PRIVATE KEY-----\n" + random + "\n----": "a private key",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.short":                                                         "",
	} {
		if got := Form(value); got != want {
			t.Errorf("%q is %q, want %q", value, got, want)
		}
	}
}

func TestSaid(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Sensitivity{
		"DB_PASSWORD": PasswordLike, "dbPassword": PasswordLike, "db.password": PasswordLike, "PGPASSWORD": PasswordLike,
		"SMTP_PASS": PasswordLike, "PASS": Unsaid, "PWD": Unsaid, "OLDPWD": Unsaid,
		"AUTH_TOKEN": KeyLike, "GITHUB_TOKEN": KeyLike, "apiKey": KeyLike, "AWS_SECRET_ACCESS_KEY": KeyLike,
		"DB_PASSWORD_FILE": Unsaid, "TOKEN_URL": Unsaid, "SECRET_NAME": Unsaid, "SORT_KEY": Unsaid, "KEY": Unsaid,
		"MONKEY": Unsaid, "TOKENIZER": Unsaid, "": Unsaid, "___": Unsaid,
	} {
		if got := Said(name); got != want {
			t.Errorf("Said(%q) = %d, want %d", name, got, want)
		}
	}
}

func TestLiteral(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"postgres": true, "admin": true, "none": false, "Tr0ub4dor": true, "correct-horse": true,
		"true": false, "yes": false, "12": false, "required": false, "Disabled": false,
		"$(PASSWORD)": false, "${PASSWORD}": false, "<password>": false, "********": false,
		"/run/secrets/db": false, "vault:secret/data/db#password": false, "db-password": false, "arn:aws:secretsmanager:x": false,
	} {
		if got := PasswordLike.Literal(value); got != want {
			t.Errorf("a password %q: %v, want %v", value, got, want)
		}
	}
	for value, want := range map[string]bool{
		"9fJ2kLw0QmZ7xTb4": true, "a sentence with 16 letters": false, "default": false, "9fJ2kLw0": false,
		"my-token-of-2025-in-the-cluster": false, "auth.shop.svc.cluster.local9": false,
	} {
		if got := KeyLike.Literal(value); got != want {
			t.Errorf("a key %q: %v, want %v", value, got, want)
		}
	}
}
