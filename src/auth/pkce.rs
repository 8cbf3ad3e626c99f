//! The random state and verifier of a login, and the PKCE challenge.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::transport::config::config_error;
use crate::types::secret::Secret;

/// Returns 64 random characters that are valid in a verifier.
pub(super) fn random() -> Result<Secret, Error> {
    let mut bytes = Zeroizing::new([0; 48]);
    getrandom::fill(&mut *bytes).map_err(|error| {
        let problem = "cannot get random bytes from the system, which a login needs";
        config_error("login", format!("{problem}: {error}"))
    })?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(*bytes)))
}

/// Returns the S256 challenge of a verifier.
pub(super) fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.reveal().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenge_matches_the_example_of_rfc_7636() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn random_verifiers_are_valid_and_differ() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert!(one != other);
        assert_eq!(one.reveal().len(), 64);
        assert!(one.reveal().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }
}
