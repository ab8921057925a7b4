package kube

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unique"
)

// Certificate is as much as is kept of a certificate (RFC 5280). It never changes. Of one
// that an older recording has, only the times and the issuer are known.
type Certificate struct {
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
	Issuer    string    `json:"issuer,omitempty"`  // its distinguished name (RFC 2253)
	Subject   string    `json:"subject,omitempty"` // its distinguished name, or a name that it is for
	// SelfSigned says that nobody but itself vouches for it.
	SelfSigned bool `json:"selfSigned,omitempty"`
	Authority  bool `json:"authority,omitempty"` // it may sign others: basicConstraints, cA
	Serves     bool `json:"serves,omitempty"`    // it is for a server: by its extendedKeyUsage, or by what it names
	// Key is the algorithm of its public key as crypto/x509 names it: "RSA", "ECDSA".
	Key  string `json:"key,omitempty"`
	Bits int    `json:"bits,omitempty"` // the size of that key, 0 if it is not known
	// Signature is the algorithm by which it was signed, as crypto/x509 names it: "SHA256-RSA".
	Signature string `json:"signature,omitempty"`
}

// CertificateOf returns what is kept of a certificate.
func CertificateOf(x *x509.Certificate) Certificate {
	// A key that its issuer names otherwise than it names itself is another's of the same name.
	foreign := len(x.AuthorityKeyId) > 0 && len(x.SubjectKeyId) > 0 && !bytes.Equal(x.AuthorityKeyId, x.SubjectKeyId)
	subject := x.Subject.String()
	if subject == "" && len(x.DNSNames) > 0 {
		subject = x.DNSNames[0]
	}
	key := x.PublicKeyAlgorithm.String()
	if x.PublicKeyAlgorithm == x509.UnknownPublicKeyAlgorithm {
		key = ""
	}
	return Certificate{
		NotBefore: x.NotBefore, NotAfter: x.NotAfter, Issuer: nameOf(x.Issuer.String()), Subject: nameOf(subject),
		SelfSigned: bytes.Equal(x.RawIssuer, x.RawSubject) && !foreign,
		Authority:  x.IsCA, Serves: serves(x),
		Key: key, Bits: bitsOf(x.PublicKey), Signature: x.SignatureAlgorithm.String(),
	}
}

// nameOf is a name that a certificate gives, in one line and in memory once: those of a
// cluster have few issuers.
func nameOf(text string) string { return unique.Make(plain(text)).Value() }

// plain is a text without what is not there to be read.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

func serves(x *x509.Certificate) bool {
	for _, use := range x.ExtKeyUsage {
		if use == x509.ExtKeyUsageServerAuth || use == x509.ExtKeyUsageAny {
			return true
		}
	}
	return len(x.ExtKeyUsage) == 0 && len(x.DNSNames)+len(x.IPAddresses) > 0
}

// bitsOf returns the size of a public key, 0 for one of an unknown kind.
func bitsOf(key any) int {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen()
	case *ecdsa.PublicKey:
		return key.Curve.Params().BitSize
	case ed25519.PublicKey:
		return len(key) * 8
	}
	return 0
}

// CABundle is what is kept of the certificates by which somebody is known. It never
// changes. The zero CABundle is one without a byte, by which the roots of the system are
// meant.
type CABundle struct {
	Certificates []Certificate `json:"certificates,omitempty"` // those that can be read
	// Fault says what of it cannot be read, "" if all can. Clients pass over that as long as
	// a certificate is left (crypto/x509, CertPool.AppendCertsFromPEM).
	Fault string `json:"fault,omitempty"`
	// Blank says that it has white space alone, which is what charts have where somebody
	// else is to fill it in.
	Blank bool `json:"blank,omitempty"`
}

// Given reports whether there is anything in the bundle.
func (b *CABundle) Given() bool {
	return b != nil && (b.Blank || b.Fault != "" || len(b.Certificates) > 0)
}

// Last returns the certificate that ends last, nil if there is none. By it the bundle lives:
// one that has the old and the new root of an authority is meant to outlive the old.
func (b *CABundle) Last() *Certificate {
	var last *Certificate
	for i := range b.Certificates {
		if c := &b.Certificates[i]; last == nil || c.NotAfter.After(last.NotAfter) {
			last = c
		}
	}
	return last
}

// ReadCABundle reads certificates in PEM (RFC 7468).
func ReadCABundle(text []byte) CABundle {
	var b CABundle
	if len(text) == 0 {
		return b
	}
	if text = bytes.TrimSpace(text); len(text) == 0 {
		b.Blank = true
		return b
	}
	blocks := 0
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		blocks++
		x, err := certificateIn(block)
		if err != nil {
			b.Fault = cmp.Or(b.Fault, fmt.Sprintf("block %d of its PEM: %s", blocks, plain(err.Error())))
			continue
		}
		b.Certificates = append(b.Certificates, CertificateOf(x))
	}
	switch {
	case blocks == 0:
		b.Fault = "it is not PEM"
	case bytes.Contains(text, []byte("-----BEGIN")):
		b.Fault = cmp.Or(b.Fault, fmt.Sprintf("what follows block %d of its PEM cannot be read", blocks))
	}
	return b
}

// certificateIn reads a block as clients do that are to trust it.
func certificateIn(block *pem.Block) (*x509.Certificate, error) {
	switch {
	case block.Type != "CERTIFICATE":
		return nil, fmt.Errorf("it is a %s and no CERTIFICATE", strings.ToUpper(block.Type))
	case len(block.Headers) > 0:
		return nil, errors.New("it has headers, which a certificate has not")
	}
	return x509.ParseCertificate(block.Bytes)
}

// UnmarshalJSON reads a bundle as the API has it, PEM that is encoded in base64 (caBundle) or
// not (spec.trustBundle), or as a view has it.
func (b *CABundle) UnmarshalJSON(encoded []byte) error {
	if !bytes.HasPrefix(encoded, []byte(`"`)) {
		type kept CABundle
		return json.Unmarshal(encoded, (*kept)(b))
	}
	var text string
	if err := json.Unmarshal(encoded, &text); err != nil {
		return err
	}
	*b = readEncoded(text)
	return nil
}

// readEncoded reads a bundle that may be encoded in base64.
func readEncoded(text string) CABundle {
	if strings.Contains(text, "-----BEGIN") {
		return ReadCABundle([]byte(text))
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return CABundle{Fault: "it is not PEM"}
	}
	return ReadCABundle(decoded)
}
