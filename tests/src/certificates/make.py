"""Creates two CAs and, signed by the first, a server certificate for the names and addresses in the arguments.
Prints JSON: `authority`, `other` (which signed nothing), `chain` and `key` of the server, each as PEM."""

import datetime
import ipaddress
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PEM = serialization.Encoding.PEM


def certificate(subject, key, issuer, issuer_key, *extensions):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(PEM).decode()


def authority(name):
    key = ec.generate_private_key(ec.SECP256R1())
    return key, certificate(name, key, name, key, (x509.BasicConstraints(True, None), True))


def name(text):
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


key, root = authority("e2e authority")
_, other = authority("another authority")
server = ec.generate_private_key(ec.SECP256R1())
names = x509.SubjectAlternativeName([name(text) for text in sys.argv[1:]])
chain = certificate("e2e server", server, "e2e authority", key, (names, False))
plain = serialization.NoEncryption()
private = server.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain).decode()
print(json.dumps({"authority": root, "other": other, "chain": chain, "key": private}))
