//! Time stamps from an authority of the test on loopback: good ones are kept and read offline, every other is refused.

use std::sync::{Arc, Mutex};

use aigaq::send::stamp::{self, StampError};
use axum::Router;
use axum::body::Bytes;
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, GeneralizedTime, Int, Null, ObjectIdentifier, OctetString, SetOfVec};
use der::{DateTime, Decode, Encode};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, SigningKey as _,
};
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_tsp::{MessageImprint, TimeStampReq, TspVersion, TstInfo};

use super::loopback::serve;

const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
const ECDSA_SHA_256: &str = "1.2.840.10045.4.3.2";

fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// What an authority does otherwise than it should.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fault {
    Nothing,
    OtherBytes,
    OtherNonce,
    NoNonce,
    Rejects,
    Garbage,
    BrokenSignature,
    NotForStamping,
    OtherDigestOfContent,
    Expired,
    Future,
    WeakDigest,
    Huge,
}

/// A time-stamp authority with its own root.
struct Authority {
    root: String,
    certificate: Certificate,
    key: KeyPair,
}

impl Authority {
    fn new(is_for_stamping: bool) -> Authority {
        let root_key = KeyPair::generate().unwrap();
        let mut root = CertificateParams::new(Vec::<String>::new()).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.distinguished_name
            .push(rcgen::DnType::CommonName, "Fictional root");
        let root_certificate = root.self_signed(&root_key).unwrap();
        let issuer = Issuer::new(root, root_key);
        let key = KeyPair::generate().unwrap();
        let mut own = CertificateParams::new(Vec::<String>::new()).unwrap();
        own.distinguished_name
            .push(rcgen::DnType::CommonName, "Fictional stamps");
        own.not_before = rcgen::date_time_ymd(2020, 1, 1);
        own.not_after = rcgen::date_time_ymd(2040, 1, 1);
        if is_for_stamping {
            // Critical, as the standard asks.
            let usage = vec![
                0x30, 0x0A, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08,
            ];
            let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], usage);
            extension.set_criticality(true);
            own.custom_extensions.push(extension);
        } else {
            own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        }
        let certificate = own.signed_by(&key, &issuer).unwrap();
        Authority {
            root: root_certificate.pem(),
            certificate: Certificate::from_der(certificate.der()).unwrap(),
            key,
        }
    }

    /// The answer to a question.
    fn answer(&self, question: &[u8], fault: Fault) -> Vec<u8> {
        match fault {
            Fault::Garbage => return b"<html>no stamps today</html>".to_vec(),
            Fault::Huge => return vec![0x30; 400 * 1024],
            // PKIStatusInfo with status 2, rejection.
            Fault::Rejects => return vec![0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02],
            _ => {}
        }
        let question = TimeStampReq::from_der(question).unwrap();
        let mut imprint = question.message_imprint;
        if fault == Fault::OtherBytes {
            imprint.hashed_message = OctetString::new(Sha256::digest(b"other").to_vec()).unwrap();
        }
        if fault == Fault::WeakDigest {
            imprint = MessageImprint {
                hash_algorithm: algorithm("1.3.14.3.2.26"),
                hashed_message: OctetString::new(vec![0; 20]).unwrap(),
            };
        }
        let year = match fault {
            Fault::Expired => 2045,
            Fault::Future => 2039,
            _ => 2026,
        };
        let info = TstInfo {
            version: TspVersion::V1,
            policy: oid("1.2.3.4.1"),
            message_imprint: imprint,
            serial_number: Int::new(&[7]).unwrap(),
            gen_time: GeneralizedTime::from_date_time(DateTime::new(year, 6, 1, 10, 0, 0).unwrap()),
            accuracy: None,
            ordering: false,
            nonce: match fault {
                Fault::OtherNonce => Some(Int::new(&[1]).unwrap()),
                Fault::NoNonce => None,
                _ => question.nonce,
            },
            tsa: None,
            extensions: None,
        };
        self.signed(&info.to_der().unwrap(), fault)
    }

    /// A granting answer around signed content.
    fn signed(&self, content: &[u8], fault: Fault) -> Vec<u8> {
        let digest = match fault {
            Fault::OtherDigestOfContent => Sha256::digest(b"other"),
            _ => Sha256::digest(content),
        };
        let attribute = |kind: &str, value: Any| Attribute {
            oid: oid(kind),
            values: SetOfVec::try_from(vec![value]).unwrap(),
        };
        let certificate = Sha256::digest(self.certificate.to_der().unwrap());
        // SigningCertificateV2 with the digest alone.
        let mut named = vec![0x30, 0x26, 0x30, 0x24, 0x30, 0x22, 0x04, 0x20];
        named.extend_from_slice(&certificate);
        let attributes = SetOfVec::try_from(vec![
            attribute(
                "1.2.840.113549.1.9.3",
                Any::encode_from(&oid("1.2.840.113549.1.9.16.1.4")).unwrap(),
            ),
            attribute(
                "1.2.840.113549.1.9.4",
                Any::encode_from(&OctetString::new(digest.to_vec()).unwrap()).unwrap(),
            ),
            attribute("1.2.840.113549.1.9.16.2.47", Any::from_der(&named).unwrap()),
        ])
        .unwrap();
        let mut signature = self.key.sign(&attributes.to_der().unwrap()).unwrap();
        if fault == Fault::BrokenSignature {
            let last = signature.len() - 1;
            signature[last] ^= 1;
        }
        let own = &self.certificate.tbs_certificate;
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: own.issuer.clone(),
                serial_number: own.serial_number.clone(),
            }),
            digest_alg: algorithm(SHA_256),
            signed_attrs: Some(attributes),
            signature_algorithm: AlgorithmIdentifierOwned {
                oid: oid(ECDSA_SHA_256),
                parameters: None,
            },
            signature: OctetString::new(signature).unwrap(),
            unsigned_attrs: None,
        };
        let signed = SignedData {
            version: CmsVersion::V3,
            digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA_256)]).unwrap(),
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: oid("1.2.840.113549.1.9.16.1.4"),
                econtent: Some(
                    Any::encode_from(&OctetString::new(content.to_vec()).unwrap()).unwrap(),
                ),
            },
            certificates: Some(
                vec![CertificateChoices::Certificate(self.certificate.clone())]
                    .try_into()
                    .unwrap(),
            ),
            crls: None,
            signer_infos: vec![signer].try_into().unwrap(),
        };
        let token = ContentInfo {
            content_type: oid("1.2.840.113549.1.7.2"),
            content: Any::encode_from(&signed).unwrap(),
        };
        let token = token.to_der().unwrap();
        let status = [0x30, 0x03, 0x02, 0x01, 0x00];
        let mut answer = vec![0x30, 0x82];
        answer.extend(
            u16::try_from(status.len() + token.len())
                .unwrap()
                .to_be_bytes(),
        );
        answer.extend(status);
        answer.extend(token);
        answer
    }
}

fn algorithm(kind: &str) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid: oid(kind),
        parameters: Some(Any::encode_from(&Null).unwrap()),
    }
}

/// An authority that answers on loopback; its address, and the certificates that vouch for it.
fn responder(fault: Fault) -> (String, String) {
    let authority = Arc::new(Authority::new(fault != Fault::NotForStamping));
    let root = authority.root.clone();
    let address = serve(move |address| {
        let answer = move |question: Bytes| {
            let answer = authority.answer(&question, fault);
            async move { answer }
        };
        (Router::new().fallback(answer), address)
    });
    (format!("http://{address}/stamp"), root)
}

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-06-01T10:00:00Z".parse().unwrap()
}

fn ask(url: &str, root: Option<&str>) -> Result<Vec<u8>, StampError> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let asked = stamp::ask(
        url,
        true,
        b"manifest",
        0x8000_0000_0000_0001,
        root.map(str::as_bytes),
        now(),
    );
    runtime.block_on(asked)
}

#[test]
fn a_good_stamp_is_kept_and_read_again_offline() {
    let (url, root) = responder(Fault::Nothing);
    let stamp = ask(&url, Some(&root)).unwrap();
    let read = stamp::read(&stamp, b"manifest", None, Some(root.as_bytes())).unwrap();
    assert_eq!(read.at, now());
    assert!(
        read.is_vouched_for && read.signer.contains("Fictional stamps"),
        "{read:?}"
    );
    let unasked = stamp::read(&stamp, b"manifest", None, None).unwrap();
    assert!(!unasked.is_vouched_for);
    assert_eq!(
        stamp::read(&stamp, b"manifesto", None, None),
        Err(StampError::OtherBytes)
    );
    let other = Authority::new(true).root;
    assert!(matches!(
        stamp::read(&stamp, b"manifest", None, Some(other.as_bytes())),
        Err(StampError::Unknown(_))
    ));
    assert_eq!(
        stamp::read(&stamp, b"manifest", None, Some(b"")),
        Err(StampError::Authorities)
    );
}

#[test]
fn what_an_authority_does_wrong_is_refused_with_its_reason() {
    for (fault, wanted) in [
        (Fault::OtherBytes, "other bytes"),
        (Fault::OtherNonce, "another question"),
        (Fault::NoNonce, "another question"),
        (Fault::Rejects, "refused with status 2"),
        (Fault::Garbage, "cannot be read"),
        (Fault::BrokenSignature, "not by the certificate"),
        (Fault::NotForStamping, "vouches for the signer"),
        (Fault::OtherDigestOfContent, "digest of what is signed"),
        (Fault::Expired, "vouches for the signer"),
        (Fault::Future, "has not come"),
        (Fault::WeakDigest, "weaker than SHA-256"),
        (Fault::Huge, "larger than"),
    ] {
        let (url, root) = responder(fault);
        let error = ask(&url, Some(&root)).unwrap_err().to_string();
        assert!(error.contains(wanted), "{fault:?}: {error}");
    }
}

#[test]
fn an_authority_in_the_own_network_is_asked_only_where_the_file_allows_it() {
    let (url, _) = responder(Fault::Nothing);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let asked = stamp::ask(&url, false, b"manifest", 1, None, now());
    assert!(matches!(
        runtime.block_on(asked),
        Err(StampError::Address(_))
    ));
    assert_eq!(ask("http://127.0.0.1:9/", None), Err(StampError::NoAnswer));
}

#[test]
fn any_changed_byte_of_a_stamp_is_refused_or_says_the_same() {
    let (url, root) = responder(Fault::Nothing);
    let stamp = ask(&url, Some(&root)).unwrap();
    let good = stamp::read(&stamp, b"manifest", None, Some(root.as_bytes())).unwrap();
    for at in 0..stamp.len() {
        let mut changed = stamp.clone();
        changed[at] ^= 1 << (at % 8);
        // A few bytes mean nothing to what is signed, such as the status beside it; none may change what is said.
        if let Ok(read) = stamp::read(&changed, b"manifest", None, Some(root.as_bytes())) {
            assert_eq!(read, good, "byte {at}");
        }
    }
}

#[test]
fn a_bundle_carries_the_stamp_and_stands_without_one_where_the_authority_fails() {
    let (url, root) = responder(Fault::Nothing);
    let evidence = |url: &str| {
        format!(
            "[evidence]\ntimestamp_url = \"{url}\"\ntimestamp_ca_file = \"root.pem\"\nallow_private_addresses = true\n"
        )
    };
    let said: Arc<Mutex<Vec<String>>> = Arc::default();
    let pack = |url: &str| {
        let desk = super::letters::Desk::new(&evidence(url));
        std::fs::write(desk.path().join("root.pem"), &root).unwrap();
        let packed = super::cli::aigaq(desk.path(), &["case", &desk.case, "--bundle", "a.zip"], "");
        assert_eq!(
            packed.status.code(),
            Some(0),
            "{}",
            super::cli::stderr(&packed)
        );
        said.lock().unwrap().push(super::cli::stderr(&packed));
        desk
    };
    let desk = pack(&url);
    let checked = desk.run(&["verify-bundle", "a.zip", "--authorities", "root.pem"]);
    assert!(
        checked.contains("stamped 2026-06-01T10:00:00Z by CN=Fictional stamps; an authority"),
        "{checked}"
    );
    assert!(
        desk.run(&["verify-bundle", "a.zip"])
            .contains("--authorities FILE checks")
    );
    std::fs::write(desk.path().join("other.pem"), Authority::new(true).root).unwrap();
    let (status, said_of_other) =
        desk.refused(&["verify-bundle", "a.zip", "--authorities", "other.pem"]);
    assert!(
        status == 1 && said_of_other.contains("manifest.tsr"),
        "{said_of_other}"
    );
    let (rejecting, _) = responder(Fault::Rejects);
    let desk = pack(&rejecting);
    assert!(said.lock().unwrap()[1].contains("carries no stamp"));
    assert!(!desk.run(&["verify-bundle", "a.zip"]).contains("stamped"));
}
