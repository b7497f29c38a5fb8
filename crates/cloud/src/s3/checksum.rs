//! Checksums: the five algorithms of `x-amz-checksum-*`, MD5, and what a request says its bytes should give.
//!
//! Rules from "Checking object integrity" in the Amazon S3 User Guide.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use crc_fast::{CrcAlgorithm, Digest as Crc};
use sha1::Digest as _;

use super::error::{Code, Error, Result};

pub(super) use self::expected::Expected;

mod expected;

/// One of the algorithms of `x-amz-checksum-*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// What the SDKs send unless told otherwise.
    Crc32,
    /// Castagnoli's.
    Crc32c,
    /// What S3 computes when a client sends none.
    Crc64Nvme,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// What a checksum covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coverage {
    /// All bytes, in order.
    FullObject,
    /// The checksums of the parts, in order.
    Composite,
}

/// A checksum, in base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Checksum {
    pub(super) algorithm: Algorithm,
    pub(super) value: String,
    pub(super) coverage: Coverage,
}

impl Algorithm {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// `CRC32`, as in `x-amz-checksum-algorithm`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// `x-amz-checksum-crc32`.
    pub(super) const fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// `ChecksumCRC32`, as in documents.
    pub(super) const fn element(self) -> &'static str {
        match self {
            Self::Crc32 => "ChecksumCRC32",
            Self::Crc32c => "ChecksumCRC32C",
            Self::Crc64Nvme => "ChecksumCRC64NVME",
            Self::Sha1 => "ChecksumSHA1",
            Self::Sha256 => "ChecksumSHA256",
        }
    }

    /// Reads a name, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// Length of its result in bytes.
    pub(super) const fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    /// What an upload in parts gets when it does not say.
    pub(super) const fn default_coverage(self) -> Coverage {
        match self {
            Self::Crc64Nvme => Coverage::FullObject,
            _ => Coverage::Composite,
        }
    }

    /// Whether an upload in parts can have it with this coverage.
    pub(super) const fn supports(self, coverage: Coverage) -> bool {
        match coverage {
            Coverage::FullObject => !matches!(self, Self::Sha1 | Self::Sha256),
            Coverage::Composite => !matches!(self, Self::Crc64Nvme),
        }
    }

    const fn crc(self) -> Option<CrcAlgorithm> {
        match self {
            Self::Crc32 => Some(CrcAlgorithm::Crc32IsoHdlc),
            Self::Crc32c => Some(CrcAlgorithm::Crc32Iscsi),
            Self::Crc64Nvme => Some(CrcAlgorithm::Crc64Nvme),
            Self::Sha1 | Self::Sha256 => None,
        }
    }
}

impl Coverage {
    /// `FULL_OBJECT`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::FullObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }

    /// Reads a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::FullObject, Self::Composite].into_iter().find(|coverage| coverage.name() == name)
    }
}

/// A checksum being computed.
enum Running {
    Crc(Crc, usize),
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
}

/// Everything computed over one body.
pub(super) struct Hashing {
    md5: md5::Md5,
    payload: Option<sha2::Sha256>,
    algorithm: Algorithm,
    running: Running,
}

/// What a body gave.
#[derive(Debug, Clone)]
pub(super) struct Digests {
    pub(super) md5: [u8; 16],
    pub(super) payload_sha256: Option<[u8; 32]>,
    pub(super) checksum: Checksum,
}

impl Hashing {
    /// Begins; `payload` also computes the SHA-256 that a signature names.
    pub(super) fn new(algorithm: Algorithm, payload: bool) -> Self {
        let payload = payload.then(sha2::Sha256::new);
        Self { md5: md5::Md5::new(), payload, algorithm, running: Running::new(algorithm) }
    }

    /// Takes more bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        if let Some(payload) = &mut self.payload {
            payload.update(bytes);
        }
        self.running.update(bytes);
    }

    /// Ends.
    pub(super) fn finish(self) -> Digests {
        let value = BASE64_STANDARD.encode(self.running.finish());
        Digests {
            md5: self.md5.finalize().into(),
            payload_sha256: self.payload.map(|payload| payload.finalize().into()),
            checksum: Checksum { algorithm: self.algorithm, value, coverage: Coverage::FullObject },
        }
    }
}

impl Running {
    fn new(algorithm: Algorithm) -> Self {
        match (algorithm.crc(), algorithm) {
            (Some(crc), _) => Self::Crc(Crc::new(crc), algorithm.length()),
            (None, Algorithm::Sha1) => Self::Sha1(sha1::Sha1::new()),
            (None, _) => Self::Sha256(sha2::Sha256::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc(crc, _) => crc.update(bytes),
            Self::Sha1(sha1) => sha1.update(bytes),
            Self::Sha256(sha256) => sha256.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Crc(crc, length) => big_endian(crc.finalize(), length),
            Self::Sha1(sha1) => sha1.finalize().to_vec(),
            Self::Sha256(sha256) => sha256.finalize().to_vec(),
        }
    }
}

/// The checksum of an object put together from parts: `(checksum in base64, size in bytes)` of each, in order.
pub(super) fn of_parts(
    algorithm: Algorithm,
    coverage: Coverage,
    parts: &[(String, u64)],
) -> Result<Checksum> {
    let value = match (coverage, algorithm.crc()) {
        (Coverage::FullObject, Some(crc)) => combined(crc, algorithm.length(), parts)?,
        _ => composite(algorithm, parts)?,
    };
    Ok(Checksum { algorithm, value, coverage })
}

fn combined(crc: CrcAlgorithm, length: usize, parts: &[(String, u64)]) -> Result<String> {
    let mut whole = Crc::new(crc).finalize();
    for (value, size) in parts {
        let part = decode(value)?.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        whole = crc_fast::checksum_combine(crc, whole, part, *size);
    }
    Ok(BASE64_STANDARD.encode(big_endian(whole, length)))
}

fn composite(algorithm: Algorithm, parts: &[(String, u64)]) -> Result<String> {
    let mut running = Running::new(algorithm);
    for (value, _) in parts {
        running.update(&decode(value)?);
    }
    Ok(format!("{}-{}", BASE64_STANDARD.encode(running.finish()), parts.len()))
}

fn decode(value: &str) -> Result<Vec<u8>> {
    BASE64_STANDARD.decode(value).map_err(|_| Error::from(Code::InvalidRequest))
}

fn big_endian(number: u64, length: usize) -> Vec<u8> {
    number.to_be_bytes().into_iter().skip(8 - length.min(8)).collect()
}

#[cfg(test)]
mod tests;
