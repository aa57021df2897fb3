import Testing

@testable import CausewayAPI

@Suite("Which passwords are accepted")
struct PasswordRuleTests {
    @Test(
        "common guesses are refused in any disguise",
        arguments: [
            "password1234", "Password-1234", "P@ssw0rd!2026", "passwordpassword", "administrator1", "Causeway-2026!",
            "causeway12345",
            "123456789012", "abcdefghijkl", "qwertyuiop12", "QWERTZUIOP-1", "Welcome12345", "Summer2026!!!",
            "iloveyou2024!",
            "changeme1234", "letmein-2025!", "entra-admin-01", "aaaabbbbcccc-dd", "Microsoft365!", "contoso-12345",
        ]
    )
    func guessable(_ password: String) {
        #expect(PasswordHash.violation(to: password, username: "boss")?.contains("too common") == true)
    }

    @Test(
        "unrelated words and generated passwords are accepted",
        arguments: [
            "correct horse battery", "a long pass phrase", "Tr0ub4dor&3-river", "x7Kp2mQ9vLwZ", "lila Kamel tanzt",
            "9f2c1be07a44d",
            "password of the blue whale",
        ]
    )
    func taken(_ password: String) { #expect(PasswordHash.violation(to: password, username: "boss") == nil) }

    @Test("a password that is short, repeats few characters or contains the user name is refused")
    func refused() {
        for (password, words) in [
            ("xK9#mQ2!vLw", "12 characters"), ("xyxyxyxyxyxyxy", "repeats"), ("boss-lives-in-Oslo", "similar"),
        ] {
            #expect(PasswordHash.violation(to: password, username: "boss")?.contains(words) == true, "\(password)")
        }
    }
}
