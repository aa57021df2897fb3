import CausewayJSON
import CausewayModel
import CausewayStore

/// Fills a store with as many users and actions as large organizations have.
struct LongLists {
    let store: Store
    let users: Int
    let actions: Int

    /// - Returns: a run with all the actions.
    func fill() async throws -> RunID {
        for start in stride(from: 0, to: users, by: 5000) {
            let numbers = start..<min(start + 5000, users)
            try await store.write { transaction in
                for number in numbers { _ = try transaction.createUser(Self.user(number)) }
            }
        }
        let run = try await beginRun()
        try await link()
        for start in stride(from: 0, to: actions, by: 5000) {
            let numbers = start..<min(start + 5000, actions)
            try await store.write { try $0.insertActions(numbers.map(Self.action), run: run) }
        }
        try await store.write { try $0.setStatus(.warning, of: run) }
        return run
    }

    /// Links every user to an Entra object of its own.
    private func link() async throws {
        for start in stride(from: 0, to: users, by: 5000) {
            try await store.write { transaction in
                let provider = try transaction.providers().first?.id ?? ProviderID(1)
                for user in try transaction.users(after: UserID(Int64(start)), limit: 5000) {
                    let link = ObjectLink(
                        provider: provider,
                        kind: .user,
                        object: ObjectReference(user.id),
                        entraID: EntraObjectID("entra-\(user.id)"),
                        known: [:]
                    )
                    try transaction.saveLink(link, name: user.username)
                }
            }
        }
    }

    private static let given = [
        "Ada", "Bob", "Chloe", "Dmitri", "Erika", "Fritz", "Grace", "Haruki", "Ines", "João", "Kim", "Lars",
    ]
    private static let family = [
        "Lovelace", "Berg", "Martin", "Ivanov", "Muster", "Lang", "Hopper", "Tanaka", "Ruiz", "Silva", "Holm",
    ]

    private static func user(_ number: Int) -> UserProfile {
        let (given, family) = (given[number % given.count], family[number / 7 % family.count])
        let name = "\(given).\(family)\(number)".lowercased()
        return UserProfile(
            username: name,
            name: "\(given) \(family)",
            email: "\(name)@company.com",
            isActive: number % 50 != 0,
            attributes: ["department": .string(number % 3 == 0 ? "Sales" : "Research")]
        )
    }

    private func beginRun() async throws -> RunID {
        try await store.write { transaction in
            let settings = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
            let provider = try transaction.createProvider(settings, clientSecret: Secret("never sent anywhere"))
            let run = Run(provider: provider.id, trigger: .manual, startedAt: transaction.now)
            let lease = RunLease(owner: "measure", duration: .seconds(60))
            _ = try transaction.beginRun(run, lease: lease) { _ in true }
            return run.id
        }
    }

    private static func action(_ number: Int) -> StoredAction {
        let isFailed = number % 1000 == 0
        let action = Action(
            sequence: Int64(number + 1),
            phase: .users,
            verb: number % 2 == 0 ? .create : .update,
            kind: .user,
            object: ObjectReference(UserID(Int64(number + 1))),
            name: "person \(number)",
            entraID: nil,
            reason: .attributesDiffer,
            changes: [
                AttributeChange(attribute: "displayName", old: "Person", new: .string("Person \(number)")),
                AttributeChange(attribute: "department", old: "Sales", new: "Research"),
            ]
        )
        return StoredAction(action: action, outcome: Outcome(isFailed ? .failed : .applied))
    }
}
