//! Asks an RFC 3161 authority when it first saw a digest, and checks such stamps without a network.
//!
//! A stamp is believed when everything in it fits together: it is of these bytes, its one signature is over what it says, by the
//! certificate it names, and that certificate was for stamping and vouched for by one of the operator's authorities at the moment of
//! the stamp. Digests and signatures weaker than SHA-256 are refused. Only the digest leaves the machine, so plain http is no harm:
//! what comes back is signed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use cms::cert::CertificateChoices;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, Int, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Sequence};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use url::Url;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_cert::Certificate;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

use super::{EXCHANGE_TIMEOUT, client};
use crate::wire::address::{self, AddressRefusal};

/// Longest answer that is read: stamps with a chain of certificates stay below 16 KiB.
const MAX_STAMP_BYTES: usize = 256 * 1024;
/// How far ahead of this machine's clock a fresh stamp may be: clocks of authorities are right, this one may not be.
const MAX_AHEAD: Duration = Duration::from_secs(24 * 3600);

const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// `id-kp-timeStamping`, 1.3.6.1.5.5.7.3.8, as the checker of chains wants it.
const TIME_STAMPING: &[u8] = &[43, 6, 1, 5, 5, 7, 3, 8];

/// Signatures by which authorities may vouch for each other.
const CHAIN_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = webpki::ALL_VERIFICATION_ALGS;

/// What a stamp says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// When the authority saw the digest.
    pub at: DateTime<Utc>,
    /// Who signed: the subject of the certificate.
    pub signer: String,
    /// Whether one of the given authorities vouches for the signer.
    pub is_vouched_for: bool,
}

/// Why there is no stamp, or why it is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StampError {
    /// The authority's address may not be connected to.
    #[error(transparent)]
    Address(#[from] AddressRefusal),
    /// The authority's address is no address, or the client cannot start.
    #[error("the authority cannot be asked: {0}")]
    Unasked(String),
    /// No whole answer came.
    #[error("the authority did not answer")]
    NoAnswer,
    /// Another status than success.
    #[error("the authority answered with status {0}")]
    Status(u16),
    /// The answer is longer than a stamp.
    #[error("the answer is larger than {MAX_STAMP_BYTES} bytes")]
    TooLarge,
    /// What came is no stamp.
    #[error("what should be a stamp cannot be read: {0}")]
    Unreadable(&'static str),
    /// The authority refused.
    #[error("the authority refused with status {0}")]
    Refused(u8),
    /// It is a stamp of something else.
    #[error("the stamp is of other bytes")]
    OtherBytes,
    /// It answers another question.
    #[error("the stamp answers another question")]
    OtherQuestion,
    /// It is of a time that has not come.
    #[error("the stamp is of a time that has not come")]
    Ahead,
    /// Parts of it do not fit together.
    #[error("the stamp does not fit together: {0}")]
    Unfit(&'static str),
    /// Nobody vouches for the signer.
    #[error("no authority of the operator vouches for the signer: {0}")]
    Unknown(String),
    /// The file of authorities holds no certificate.
    #[error("the file of authorities holds no certificate that can be read")]
    Authorities,
}

/// The question for a stamp of these bytes.
///
/// # Errors
/// When it cannot be written, which no input makes happen.
pub fn question(bytes: &[u8], nonce: u64) -> Result<Vec<u8>, StampError> {
    let unwritten = |_| StampError::Unasked("the question cannot be written".to_owned());
    let digest = OctetString::new(Sha256::digest(bytes).to_vec()).map_err(unwritten)?;
    let question = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifierOwned {
                oid: SHA_256,
                parameters: Some(Any::null()),
            },
            hashed_message: digest,
        },
        req_policy: None,
        nonce: Some(number(nonce).map_err(unwritten)?),
        cert_req: true,
        extensions: None,
    };
    question.to_der().map_err(unwritten)
}

/// A number as DER writes it: big-endian, positive.
fn number(value: u64) -> der::Result<Int> {
    let bytes = value.to_be_bytes();
    let start = bytes
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(bytes.len() - 1);
    let mut digits = bytes[start..].to_vec();
    if digits.first().is_some_and(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    Int::new(&digits)
}

/// Asks an authority for a stamp of these bytes and checks what comes.
///
/// # Errors
/// When none comes, or one that is not believed.
pub async fn ask(
    url: &str,
    allow_private: bool,
    bytes: &[u8],
    nonce: u64,
    authorities: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, StampError> {
    let address = Url::parse(url).map_err(|error| StampError::Unasked(error.to_string()))?;
    address::check(&address, allow_private)?;
    let client = client(allow_private).map_err(|error| StampError::Unasked(error.to_string()))?;
    let request = client
        .post(address)
        .timeout(EXCHANGE_TIMEOUT)
        .header("Content-Type", "application/timestamp-query")
        .header("Accept", "application/timestamp-reply")
        .body(question(bytes, nonce)?);
    let mut response = request.send().await.map_err(|_| StampError::NoAnswer)?;
    let status = response.status();
    if !status.is_success() {
        return Err(StampError::Status(status.as_u16()));
    }
    let mut answer = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|_| StampError::NoAnswer)? {
        if answer.len() + piece.len() > MAX_STAMP_BYTES {
            return Err(StampError::TooLarge);
        }
        answer.extend_from_slice(&piece);
    }
    let stamp = read(&answer, bytes, Some(nonce), authorities)?;
    if stamp.at > now + MAX_AHEAD {
        return Err(StampError::Ahead);
    }
    Ok(answer)
}

/// What a stamp of these bytes says; every part of it is checked. `authorities` are certificates in PEM: without them the
/// signature is checked, and nobody vouches for who signed.
///
/// # Errors
/// When it is not believed.
pub fn read(
    stamp: &[u8],
    bytes: &[u8],
    nonce: Option<u64>,
    authorities: Option<&[u8]>,
) -> Result<Stamp, StampError> {
    let signed = signed_data(stamp)?;
    let content = signed.encap_content_info.econtent.as_ref();
    let content = content.and_then(|content| content.decode_as::<OctetString>().ok());
    let content = content.ok_or(StampError::Unreadable("it holds nothing that is signed"))?;
    let info = TstInfo::from_der(content.as_bytes())
        .map_err(|_| StampError::Unreadable("what is signed is no time"))?;
    check_content(&info, bytes, nonce)?;
    let [signer] = signed.signer_infos.0.as_slice() else {
        return Err(StampError::Unfit("it has not exactly one signature"));
    };
    let certificates = certificates(&signed)?;
    let own = certificate_of(signer, &certificates)?;
    check_signature(signer, own, content.as_bytes())?;
    let seconds = info.gen_time.to_unix_duration();
    let at = i64::try_from(seconds.as_secs())
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let at = at.ok_or(StampError::Unreadable("its time is out of range"))?;
    if let Some(pem) = authorities {
        check_chain(own, &certificates, pem, UnixTime::since_unix_epoch(seconds))?;
    }
    Ok(Stamp {
        at,
        signer: own.certificate.tbs_certificate.subject.to_string(),
        is_vouched_for: authorities.is_some(),
    })
}

/// The signed part of an answer that grants a stamp.
fn signed_data(stamp: &[u8]) -> Result<SignedData, StampError> {
    let answer = TimeStampResp::from_der(stamp)
        .map_err(|_| StampError::Unreadable("it is no answer of an authority"))?;
    let status = answer.status.status as u8;
    // Granted, or granted with changes that this program asked for none of.
    if status > 1 {
        return Err(StampError::Refused(status));
    }
    let token = answer
        .time_stamp_token
        .ok_or(StampError::Unreadable("it grants nothing"))?;
    if token.content_type != SIGNED_DATA {
        return Err(StampError::Unreadable("it is not signed"));
    }
    let signed: SignedData = token
        .content
        .decode_as()
        .map_err(|_| StampError::Unreadable("its signed part is broken"))?;
    if signed.encap_content_info.econtent_type != TST_INFO {
        return Err(StampError::Unreadable("what is signed is no time"));
    }
    Ok(signed)
}

/// Whether it is of these bytes and answers this question.
fn check_content(info: &TstInfo, bytes: &[u8], nonce: Option<u64>) -> Result<(), StampError> {
    let imprint = &info.message_imprint;
    let digest = digest(imprint.hash_algorithm.oid, bytes)?;
    if imprint.hashed_message.as_bytes() != digest {
        return Err(StampError::OtherBytes);
    }
    if let Some(nonce) = nonce {
        let asked = number(nonce).ok();
        if info.nonce.is_none() || info.nonce != asked {
            return Err(StampError::OtherQuestion);
        }
    }
    Ok(())
}

/// A digest of one of the kinds that are strong enough.
fn digest(kind: ObjectIdentifier, bytes: &[u8]) -> Result<Vec<u8>, StampError> {
    match kind {
        SHA_256 => Ok(Sha256::digest(bytes).to_vec()),
        SHA_384 => Ok(Sha384::digest(bytes).to_vec()),
        SHA_512 => Ok(Sha512::digest(bytes).to_vec()),
        _ => Err(StampError::Unfit(
            "its digest is weaker than SHA-256, or unknown",
        )),
    }
}

/// A certificate of a stamp with its bytes.
struct Carried {
    certificate: Certificate,
    der: CertificateDer<'static>,
}

/// The certificates that a stamp carries.
fn certificates(signed: &SignedData) -> Result<Vec<Carried>, StampError> {
    let carried = signed.certificates.iter().flat_map(|set| set.0.iter());
    let carried = carried.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate),
        CertificateChoices::Other(_) => None,
    });
    carried
        .map(|certificate| {
            let der = certificate
                .to_der()
                .map_err(|_| StampError::Unreadable("a certificate is broken"))?;
            Ok(Carried {
                certificate: certificate.clone(),
                der: CertificateDer::from(der),
            })
        })
        .collect()
}

/// The certificate that the signature names.
fn certificate_of<'c>(
    signer: &SignerInfo,
    certificates: &'c [Carried],
) -> Result<&'c Carried, StampError> {
    let missing = StampError::Unfit("it does not carry the certificate that its signature names");
    let SignerIdentifier::IssuerAndSerialNumber(named) = &signer.sid else {
        return Err(missing);
    };
    let is_named = |carried: &&Carried| {
        let own = &carried.certificate.tbs_certificate;
        own.issuer == named.issuer && own.serial_number == named.serial_number
    };
    certificates.iter().find(is_named).ok_or(missing)
}

/// Whether the signature is over what is signed, by the certificate's key.
fn check_signature(signer: &SignerInfo, own: &Carried, content: &[u8]) -> Result<(), StampError> {
    let attributes = signer
        .signed_attrs
        .as_ref()
        .ok_or(StampError::Unfit("its signature is over no attributes"))?;
    let value = |kind: ObjectIdentifier| {
        let mut found = attributes.iter().filter(|attribute| attribute.oid == kind);
        let attribute = found
            .next()
            .filter(|attribute| attribute.values.len() == 1)?;
        attribute.values.get(0)
    };
    let kind = value(CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    if kind != Some(TST_INFO) {
        return Err(StampError::Unfit("its signature is over something else"));
    }
    let said = value(MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok());
    let digest = digest(signer.digest_alg.oid, content)?;
    if said.is_none_or(|said| said.as_bytes() != digest) {
        return Err(StampError::Unfit("the digest of what is signed differs"));
    }
    if let Some(value) = value(SIGNING_CERTIFICATE_V2) {
        check_named(value, own)?;
    }
    let message = attributes
        .to_der()
        .map_err(|_| StampError::Unreadable("its attributes are broken"))?;
    let certificate = EndEntityCert::try_from(&own.der)
        .map_err(|error| StampError::Unknown(error.to_string()))?;
    let algorithms = algorithms(signer)?;
    let fits = |algorithm: &&dyn SignatureVerificationAlgorithm| {
        certificate
            .verify_signature(*algorithm, &message, signer.signature.as_bytes())
            .is_ok()
    };
    match algorithms.iter().any(fits) {
        true => Ok(()),
        false => Err(StampError::Unfit(
            "its signature is not by the certificate it names",
        )),
    }
}

/// The certificate that a signature holds itself to (RFC 5035): a digest of it, SHA-256 unless it says otherwise.
#[derive(Sequence)]
struct SigningCertificate {
    certs: Vec<CertificateDigest>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// One of them.
#[derive(Sequence)]
struct CertificateDigest {
    #[asn1(optional = "true")]
    algorithm: Option<AlgorithmIdentifierOwned>,
    digest: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<Any>,
}

fn check_named(value: &Any, own: &Carried) -> Result<(), StampError> {
    let unfit = StampError::Unfit("it holds itself to another certificate");
    let named: SigningCertificate = value.decode_as().map_err(|_| unfit.clone())?;
    let first = named.certs.first().ok_or(unfit.clone())?;
    let kind = first
        .algorithm
        .as_ref()
        .map_or(SHA_256, |algorithm| algorithm.oid);
    match digest(kind, &own.der)? == first.digest.as_bytes() {
        true => Ok(()),
        false => Err(unfit),
    }
}

/// The ways to check a signature of its kind; the key decides among curves.
fn algorithms(
    signer: &SignerInfo,
) -> Result<Vec<&'static dyn SignatureVerificationAlgorithm>, StampError> {
    use webpki::aws_lc_rs as by;
    let unknown = StampError::Unfit("its signature is of a kind that is too weak, or unknown");
    let digest = signer.digest_alg.oid;
    Ok(match signer.signature_algorithm.oid {
        RSA | RSA_SHA_256 if digest == SHA_256 => vec![by::RSA_PKCS1_2048_8192_SHA256],
        RSA | RSA_SHA_384 if digest == SHA_384 => vec![by::RSA_PKCS1_2048_8192_SHA384],
        RSA | RSA_SHA_512 if digest == SHA_512 => vec![by::RSA_PKCS1_2048_8192_SHA512],
        ECDSA_SHA_256 => vec![
            by::ECDSA_P256_SHA256,
            by::ECDSA_P384_SHA256,
            by::ECDSA_P521_SHA256,
        ],
        ECDSA_SHA_384 => vec![
            by::ECDSA_P256_SHA384,
            by::ECDSA_P384_SHA384,
            by::ECDSA_P521_SHA384,
        ],
        ECDSA_SHA_512 => vec![
            by::ECDSA_P256_SHA512,
            by::ECDSA_P384_SHA512,
            by::ECDSA_P521_SHA512,
        ],
        _ => return Err(unknown),
    })
}

/// Whether one of the authorities vouched for the signer, for stamping, at that moment.
fn check_chain(
    own: &Carried,
    carried: &[Carried],
    pem: &[u8],
    at: UnixTime,
) -> Result<(), StampError> {
    let authorities: Result<Vec<CertificateDer<'static>>, _> =
        CertificateDer::pem_slice_iter(pem).collect();
    let authorities = authorities
        .ok()
        .filter(|all| !all.is_empty())
        .ok_or(StampError::Authorities)?;
    let anchors: Result<Vec<_>, _> = authorities.iter().map(anchor_from_trusted_cert).collect();
    let anchors = anchors.map_err(|_| StampError::Authorities)?;
    let between: Vec<CertificateDer<'_>> = carried.iter().map(|one| one.der.clone()).collect();
    let unknown = |error: webpki::Error| StampError::Unknown(error.to_string());
    let certificate = EndEntityCert::try_from(&own.der).map_err(unknown)?;
    certificate
        .verify_for_usage(
            CHAIN_ALGORITHMS,
            &anchors,
            &between,
            at,
            KeyUsage::required(TIME_STAMPING),
            None,
            None,
        )
        .map_err(unknown)?;
    Ok(())
}
