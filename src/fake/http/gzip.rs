//! Gzip without compression.

/// The longest uncompressed block of deflate.
const MAX_BLOCK: usize = 65_535;

/// Encodes bytes as gzip.
pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut left = bytes;
    loop {
        let (block, rest) = left.split_at(left.len().min(MAX_BLOCK));
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        packed.push(u8::from(rest.is_empty()));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(block);
        left = rest;
        if left.is_empty() {
            break;
        }
    }
    packed.extend(check_sum(bytes).to_le_bytes());
    // The length is modulo 2^32.
    let length = u32::try_from(bytes.len() & 0xffff_ffff).unwrap_or(u32::MAX);
    packed.extend(length.to_le_bytes());
    packed
}

/// The CRC-32 of gzip.
fn check_sum(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    !sum
}
