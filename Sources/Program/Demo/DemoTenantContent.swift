import CausewayDemo
import CausewayJSON
import CausewayModel
import CausewayStore

/// The tenant's content before the first sync: some users of the directory, and some objects that have nothing to do with it.
struct DemoTenantContent {
    /// Accounts that the sync finds by their names, and others that it must leave alone.
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

    /// The account as it was created by hand: with an older name and without an immutable id.
    private static func account(of user: User) -> JSONValue {
        [
            "displayName": .string("\(user.name) (old)"), "accountEnabled": true,
            "mailNickname": .string(user.username),
            "userPrincipalName": .string(user.email), "passwordProfile": ["password": "Made-By-Hand-1999"],
        ]
    }
}
