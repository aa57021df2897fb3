import CausewayDemo
import CausewayJSON
import CausewayModel
import CausewayStore

/// What is in the demonstration's tenant before the first sync: some of the people already, and some that are none of ours.
struct DemoTenantContent {
    /// Accounts that the sync will find by their names, and strangers that it must leave alone.
    static func json(for people: [User]) -> JSONValue {
        let verified = people.filter { user in SampleDirectory.domains.contains { user.email.hasSuffix("@\($0)") } }
        let known = verified.enumerated().filter { $0.offset % 40 == 3 }.map { account(of: $0.element) }
        let strangers = (1...5).map { number -> JSONValue in
            [
                "displayName": .string("Contractor \(number)"), "accountEnabled": true,
                "mailNickname": .string("contractor\(number)"),
                "userPrincipalName": .string("contractor\(number)@emulated.onmicrosoft.com"),
                "passwordProfile": ["password": "Str4nger-Than-Fiction"],
            ]
        }
        let groups = ["Finance", "Break-glass accounts"].map { name -> JSONValue in
            [
                "displayName": .string(name), "mailEnabled": false, "securityEnabled": true,
                "mailNickname": .string(name.lowercased().filter { $0 != " " }),
            ]
        }
        return ["users": .array(known + strangers), "groups": .array(groups)]
    }

    /// The account as somebody made it by hand: an older name, and no immutable id.
    private static func account(of user: User) -> JSONValue {
        [
            "displayName": .string("\(user.name) (old)"), "accountEnabled": true,
            "mailNickname": .string(user.username),
            "userPrincipalName": .string(user.email), "passwordProfile": ["password": "Made-By-Hand-1999"],
        ]
    }
}
