package kubetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"testing"
)

// Issued is a certificate that a test made.
type Issued struct {
	*x509.Certificate
	Key crypto.Signer
	PEM []byte
}

// Issue makes a certificate of a template: with the key, or one of ECDSA P-256 if it is nil,
// and signed by another, or by itself if that is nil.
func Issue(tb testing.TB, template x509.Certificate, key crypto.Signer, by *Issued) *Issued {
	tb.Helper()
	if key == nil {
		made, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			tb.Fatal(err)
		}
		key = made
	}
	if template.SerialNumber == nil {
		template.SerialNumber = big.NewInt(1)
	}
	if by == nil {
		by = &Issued{Certificate: &template, Key: key}
	}
	signed, err := x509.CreateCertificate(rand.Reader, &template, by.Certificate, key.Public(), by.Key)
	if err != nil {
		tb.Fatalf("making a certificate for %s: %v", template.Subject, err)
	}
	held, err := x509.ParseCertificate(signed)
	if err != nil {
		tb.Fatalf("reading the certificate for %s: %v", template.Subject, err)
	}
	return &Issued{held, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})}
}
