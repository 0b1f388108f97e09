// Command certs makes the certificate authority, certificates and signing key of one local cluster. It reads a list of
// certificates as JSON from standard input and writes <name>.crt and <name>.key into the folder that is its argument.
// Node's crypto module cannot sign X.509, and Go is there anyway: the cluster is built with it.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// request is one certificate: the user and groups that it stands for, and the hosts of a server certificate.
type request struct {
	Name   string   `json:"name"`
	User   string   `json:"user"`
	Groups []string `json:"groups"`
	Hosts  []string `json:"hosts"`
}

var folder = os.Args[1]

func main() {
	var requests []request
	must(json.NewDecoder(os.Stdin).Decode(&requests))

	ca := template("local-cluster-ca", nil)
	ca.IsCA, ca.BasicConstraintsValid = true, true
	ca.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature
	caKey := newKey("ca")
	write("ca.crt", "CERTIFICATE", sign(ca, ca, caKey, caKey))

	for _, r := range requests {
		cert := template(r.User, r.Groups)
		cert.KeyUsage = x509.KeyUsageDigitalSignature
		cert.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
		for _, host := range r.Hosts {
			if ip := net.ParseIP(host); ip != nil {
				cert.IPAddresses = append(cert.IPAddresses, ip)
			} else {
				cert.DNSNames = append(cert.DNSNames, host)
			}
		}
		write(r.Name+".crt", "CERTIFICATE", sign(cert, ca, newKey(r.Name), caKey))
	}

	newKey("service-accounts")
}

func template(user string, groups []string) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	must(err)
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: user, Organization: groups},
		NotBefore:    time.Now().Add(-time.Hour), // clocks step back on virtual machines
		NotAfter:     time.Now().AddDate(1, 0, 0),
	}
}

func newKey(name string) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	der, err := x509.MarshalECPrivateKey(key)
	must(err)
	write(name+".key", "EC PRIVATE KEY", der)
	return key
}

func sign(cert, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) []byte {
	der, err := x509.CreateCertificate(rand.Reader, cert, parent, &key.PublicKey, parentKey)
	must(err)
	return der
}

func write(name, kind string, der []byte) {
	must(os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
