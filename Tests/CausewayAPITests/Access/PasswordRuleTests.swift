import CausewayModel
import Testing

@testable import CausewayAPI

@Suite("Which passwords are accepted")
struct PasswordRuleTests {
    private func problem(of password: String) throws -> String? {
        let user = UserProfile(username: "boss", name: "Ottilie Brandt", email: "obrandt@company.com")
        return try PasswordRule().violation(to: password, of: user)
    }

    @Test(
        "common guesses are refused in any disguise, with a reason and advice",
        arguments: [
            ("password1234", "common words"), ("Password-1234", "common words"), ("P@ssw0rd!2026", "common words"),
            ("passwordpassword", "repetitions"), ("administrator1", "common words"), ("Causeway-2026!", "this service"),
            ("causeway12345", "this service"), ("123456789012", "sequences"), ("abcdefghijkl", "sequences"),
            ("qwertyuiop12", "common words"), ("QWERTZUIOP-1", "common words"), ("Welcome12345", "common words"),
            ("Summer2026!!!", "dates or years"), ("iloveyou2024!", "dates or years"), ("changeme1234", "common words"),
            ("letmein-2025!", "dates or years"), ("entra-admin-01", "this service"), ("aaaabbbbcccc-dd", "repetitions"),
            ("Microsoft365!", "this service"), ("contoso-12345", "this service"), ("Passwort2026!", "common words"),
            ("Liverpool2024", "dates or years"), ("Sonnenschein1", "common words"), ("michelle1234", "common words"),
            ("Chelsea-1905", "dates or years"), ("Ottilie-Brandt-1", "your own name"),
            ("obrandt-company", "your own name"),
        ]
    )
    func guessable(_ password: String, _ reason: String) throws {
        let violation = try #require(try problem(of: password))
        #expect(violation.contains("easy to guess") && violation.contains("unrelated words"))
        #expect(violation.contains(reason), "\(password): \(violation)")
        #expect(!violation.contains(password))
    }

    @Test(
        "unrelated words and generated passwords are accepted",
        arguments: [
            "correct horse battery", "a long pass phrase", "Tr0ub4dor&3-river", "x7Kp2mQ9vLwZ", "lila Kamel tanzt",
            "9f2c1be07a44d", "password of the blue whale", "ünïcödé wörter tanzen",
        ]
    )
    func taken(_ password: String) throws { #expect(try problem(of: password) == nil) }

    @Test("a password that is short, repeats few characters or contains the user name is refused")
    func refused() throws {
        for (password, words) in [
            ("xK9#mQ2!vLw", "12 characters"), ("xyxyxyxyxyxyxy", "repeats"), ("boss-lives-in-Oslo", "similar"),
        ] {
            let violation = try problem(of: password)
            #expect(violation?.contains(words) == true, "\(password)")
        }
    }

    @Test("the longest password that is accepted takes little time to estimate")
    func long() throws {
        let password = String((0..<256).map { Character(UnicodeScalar(UInt8(33 + ($0 * 7919) % 90))) })
        #expect(try problem(of: password) == nil)
        #expect(try problem(of: password + "x")?.contains("256 characters") == true)
    }
}
