import CZxcvbn
import Foundation

/// How hard a password is to guess, as the system's libzxcvbn estimates it: by common words, names and passwords in any spelling, rows of
/// keys, sequences, repetitions and dates (D. L. Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX Security 2016).
struct PasswordStrength: Sendable {
    /// What makes a password easy to guess.
    enum Weakness: String, CaseIterable, Sendable {
        case words = "common words, names or passwords"
        case personal = "your own name or address, or the name of this service"
        case repetition = "repetitions"
        case sequences = "sequences of letters or numbers"
        case keys = "neighboring keys"
        case dates = "dates or years"
    }

    /// The logarithm of the number of guesses, to the base 2.
    let bits: Double
    /// What the password consists of, as far as it is easy to guess.
    let weaknesses: [Weakness]

    /// - Parameter personal: words that someone who knows the user tries first.
    init(of password: String, personal: [String]) {
        let words = personal.map { strdup($0) }
        defer { for word in words { free(word) } }
        var dictionary = words.map { word in word.map { UnsafePointer($0) } } + [nil]
        var parts: UnsafeMutablePointer<ZxcMatch_t>?
        bits = dictionary.withUnsafeMutableBufferPointer { ZxcvbnMatch(password, $0.baseAddress, &parts) }
        defer { ZxcvbnFreeInfo(parts) }
        var found: Set<Weakness> = []
        var part = parts
        while let match = part?.pointee {
            found.formUnion(Self.weaknesses(of: match))
            part = match.Next
        }
        weaknesses = Weakness.allCases.filter(found.contains)
    }

    /// A part of one or two letters is a word by chance.
    private static func weaknesses(of match: ZxcMatch_t) -> Set<Weakness> {
        guard match.Length > 2 else { return [] }
        let isRepeated = match.`Type`.rawValue & MULTIPLE_MATCH.rawValue != 0
        return Set([kind(of: match), isRepeated ? .repetition : nil].compactMap(\.self))
    }

    private static func kind(of match: ZxcMatch_t) -> Weakness? {
        switch match.`Type`.rawValue & ~MULTIPLE_MATCH.rawValue {
        case DICTIONARY_MATCH.rawValue, DICT_LEET_MATCH.rawValue: .words
        case USER_MATCH.rawValue, USER_LEET_MATCH.rawValue: .personal
        case REPEATS_MATCH.rawValue: .repetition
        case SEQUENCE_MATCH.rawValue: .sequences
        case SPATIAL_MATCH.rawValue: .keys
        case DATE_MATCH.rawValue, YEAR_MATCH.rawValue: .dates
        default: nil
        }
    }
}
