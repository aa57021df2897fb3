import CausewayJSON
import CausewayModel
import CausewayStore

/// What a company writes into its database in a year.
struct SimulatedYear {
    let store: Store
    let users: Int
    private var groups: [GroupID] = []
    private var provider = ProviderID(1)
    private var turn = 0

    private static let lease = RunLease(owner: "measure", duration: .seconds(600))
    private static let page = 2000
    private static let membersOfGroup = 100
    /// Users of one direct sync.
    private static let direct = 10

    init(store: Store, users: Int) { (self.store, self.users) = (store, users) }

    // MARK: The start

    /// A directory that was synced once.
    mutating func begin() async throws {
        provider = try await store.write { transaction in
            let settings = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
            let id = try transaction.createProvider(settings, clientSecret: Secret("never sent anywhere")).id
            try transaction.saveApplication(Application(name: "Entra", slug: "entra", backchannelProviders: [id]))
            return id
        }
        for start in stride(from: 1, through: users, by: Self.page) {
            let numbers = start...min(start + Self.page - 1, users)
            try await store.write { [provider] transaction in
                for number in numbers {
                    let user = try transaction.createUser(Self.profile(number, version: 0))
                    try Self.link(ObjectReference(user.id), user.username, provider, in: transaction)
                }
            }
        }
        try await beginGroups()
        let (all, groups) = (Array(1...users), groups)
        try await sync(.manual, isFull: true, all.map { Self.action($0, .create) }) { transaction in
            for group in groups {
                try transaction.record(.created, nil, details: ["group": .string(group.text)], by: .engine)
            }
        }
    }

    private mutating func beginGroups() async throws {
        let count = max(1, users / Self.membersOfGroup)
        groups = try await store.write { [provider, users] transaction in
            try (0..<count).map { number in
                let group = try transaction.createGroup(GroupProfile(name: "Group \(number)")).id
                let entraID = try Self.link(ObjectReference(group), "Group \(number)", provider, in: transaction)
                let members = (1...Self.membersOfGroup).map { (number * Self.membersOfGroup + $0 - 1) % users + 1 }
                for member in members { try transaction.addMember(UserID(Int64(member)), to: group) }
                try transaction.recordWrite(
                    members: members.map { Self.entraID(ObjectReference(UserID(Int64($0)))) },
                    of: entraID,
                    areMembers: true,
                    provider: provider
                )
                return group
            }
        }
    }

    // MARK: Four hours

    /// The changes of four hours, and the full sync after them.
    mutating func quarterDay(_ day: Int) async throws {
        turn += 1
        let changed = (0..<max(1, users / 600)).map { (turn * 7919 + $0 * 104_729) % users + 1 }
        for start in stride(from: 0, to: changed.count, by: Self.direct) {
            try await change(Array(changed[start..<min(start + Self.direct, changed.count)]))
        }
        try await changeMemberships(Array(changed.prefix(max(1, changed.count / 10))))
        try await signIn(max(1, users / 1200))
        let failure = turn % 6 == 0 ? (turn * 31) % users + 1 : nil
        try await sync(.schedule, isFull: true, failure.map { [Self.action($0, .update, status: .failed)] } ?? [])
        if turn % 90 == 0 {
            let planned = (0..<max(1, users / 10)).map { Self.action($0 + 1, .update, status: .planned) }
            try await sync(.preview, isFull: true, planned)
        }
    }

    private func change(_ numbers: [Int]) async throws {
        let (provider, version) = (provider, turn)
        try await store.write { transaction in
            for number in numbers {
                guard let user = try transaction.user(UserID(Int64(number))) else { continue }
                let profile = Self.profile(number, version: version)
                try transaction.updateUser(user.id, to: profile)
                try transaction.record(
                    .updated,
                    EventObject(app: "authentik_core", type: "user", key: "\(user.id)", name: user.username),
                    profile.changes(since: user.profile),
                    by: EventOrigin(actor: "hr-import", channel: .api, clientIP: "192.0.2.10", token: "hr")
                )
                let entraID = Self.entraID(ObjectReference(user.id))
                let new: [String: JSONValue] = ["jobTitle": .string("Title \(version)")]
                let before = try transaction.mirrorObject(entraID, provider: provider)
                try transaction.recordWrite(new, to: entraID, over: before, kind: .user, provider: provider)
            }
        }
        try await sync(.change, isFull: false, numbers.map { Self.action($0, .update) })
    }

    private func changeMemberships(_ numbers: [Int]) async throws {
        let (provider, groups, turn) = (provider, groups, turn)
        let actions = try await store.write { transaction in
            try numbers.enumerated().map { index, number in
                let (user, group) = (UserID(Int64(number)), groups[(turn + number) % groups.count])
                let isMember = try transaction.addMember(user, to: group)
                if !isMember { try transaction.removeMember(user, from: group) }
                try transaction.recordWrite(
                    members: [Self.entraID(ObjectReference(user))],
                    of: Self.entraID(ObjectReference(group)),
                    areMembers: isMember,
                    provider: provider
                )
                return Action(
                    sequence: Int64(index + 1),
                    phase: .memberships,
                    verb: isMember ? .addMembers : .removeMember,
                    kind: .group,
                    object: ObjectReference(group),
                    name: "Group",
                    entraID: Self.entraID(ObjectReference(group)),
                    reason: isMember ? .memberMissing : .memberExtra,
                    members: [.local(ObjectReference(user))]
                )
            }
        }
        try await sync(.change, isFull: false, actions.map { StoredAction(action: $0, outcome: .applied) })
    }

    private func signIn(_ count: Int) async throws {
        try await store.write { transaction in
            for number in 1...count {
                let origin = EventOrigin(
                    actor: "person\(number)",
                    channel: .interface,
                    clientIP: "192.0.2.\(number % 250)"
                )
                try transaction.record(.login, nil, by: origin)
            }
        }
    }

    /// A run with its outcomes, and what its end writes.
    private func sync(
        _ trigger: RunTrigger,
        isFull: Bool,
        _ actions: [StoredAction],
        further: @escaping @Sendable (Transaction) throws -> Void = { _ in }
    ) async throws {
        let provider = provider
        let run = try await store.write { transaction in
            let run = Run(provider: provider, trigger: trigger, isFull: isFull, startedAt: transaction.now)
            _ = try transaction.beginRun(run, lease: Self.lease) { _ in true }
            return run
        }
        for start in stride(from: 0, to: actions.count, by: Self.page) {
            let part = actions[start..<min(start + Self.page, actions.count)].enumerated().map { index, stored in
                var action = stored.action
                action.sequence = Int64(start + index + 1)
                return StoredAction(action: action, outcome: stored.outcome)
            }
            try await store.write { try $0.insertActions(part, run: run.id) }
        }
        try await store.write { transaction in
            let covered = isFull ? nil : LinkSelection(Set(actions.compactMap(\.action.object)))
            let isPlan = trigger == .preview
            try transaction.noteFailing(after: run.id, of: provider, covered: covered, isPlan: isPlan)
            try transaction.setStatus(isPlan ? .planned : .succeeded, of: run.id)
            try further(transaction)
            guard !isPlan else { return }
            if isFull {
                try transaction.concludeFullSync(run.id, of: provider, isWaiting: false)
                try transaction.record(.fullSyncEnded, nil, details: ["run": .string(run.id.text)], by: .engine)
            }
            try transaction.setJournalPosition(try transaction.journalEnd(), of: provider)
            try transaction.trimJournal()
        }
    }

    // MARK: Objects

    private static func profile(_ number: Int, version: Int) -> UserProfile {
        UserProfile(
            username: "person.number\(number)",
            name: "Person Number \(number)",
            email: "person.number\(number)@company.com",
            isActive: true,
            attributes: [
                "department": .string("Department \(number % 40)"), "title": .string("Title \(version)"),
                "employeeId": .string("\(100_000 + number)"), "office": .string("Office \(number % 12)"),
            ]
        )
    }

    private static func entraID(_ object: ObjectReference) -> EntraObjectID {
        EntraObjectID("00000000-0000-4000-8000-\(object.id.suffix(12))")
    }

    @discardableResult
    private static func link(
        _ object: ObjectReference,
        _ name: String,
        _ provider: ProviderID,
        in transaction: Transaction
    )
        throws -> EntraObjectID
    {
        let entraID = entraID(object)
        let known: [String: JSONValue] = [
            "userPrincipalName": .string("\(name)@company.com"), "displayName": .string(name), "accountEnabled": true,
            "mailNickname": .string(name), "jobTitle": "Title 0", "department": "Department",
            "officeLocation": "Office",
            "employeeId": .string(object.id), "onPremisesImmutableId": .string(String(repeating: "0", count: 64)),
        ]
        try transaction.recordWrite(known, to: entraID, over: nil, kind: object.kind, provider: provider, isNew: true)
        let link = ObjectLink(provider: provider, kind: object.kind, object: object, entraID: entraID, known: [:])
        try transaction.saveLink(link, name: name)
        return entraID
    }

    private static func action(_ number: Int, _ verb: ActionVerb, status: OutcomeStatus = .applied) -> StoredAction {
        let action = Action(
            sequence: Int64(number),
            phase: .users,
            verb: verb,
            kind: .user,
            object: ObjectReference(UserID(Int64(number))),
            name: "person.number\(number)",
            entraID: entraID(ObjectReference(UserID(Int64(number)))),
            reason: verb == .create ? .missingInEntra : .attributesDiffer,
            changes: verb == .create
                ? ["userPrincipalName", "displayName", "mail", "jobTitle", "department", "accountEnabled"].map {
                    AttributeChange(attribute: $0, old: nil, new: .string("Value of person \(number)"))
                } : [AttributeChange(attribute: "jobTitle", old: "Title before", new: "Title now")]
        )
        return StoredAction(action: action, outcome: Outcome(status, message: status == .failed ? "Refused." : ""))
    }
}
