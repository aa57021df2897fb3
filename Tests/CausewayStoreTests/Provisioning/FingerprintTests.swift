import CausewayJSON
import CausewayModel
import CausewayStore
import Testing

@Suite("The fingerprint of an action")
struct FingerprintTests {
    private static func action(
        sequence: Int64 = 1,
        verb: ActionVerb = .create,
        kind: ObjectKind = .user,
        object: Int64 = 1,
        entraID: String? = "e",
        reason: ActionReason = .missingInEntra,
        changes: [AttributeChange] = [
            AttributeChange(attribute: "a", old: "x", new: ["m": 1, "n": 2]),
            AttributeChange(attribute: "b", old: nil, new: true),
        ],
        members: [MemberReference] = [.local(ObjectReference(UserID(8))), .remote(EntraObjectID("r"))],
        secret: String = "s"
    ) -> Action {
        Action(
            sequence: sequence,
            phase: .users,
            verb: verb,
            kind: kind,
            object: ObjectReference(UserID(object)),
            name: "ada",
            entraID: entraID.map { EntraObjectID($0) },
            reason: reason,
            changes: changes,
            members: members,
            secrets: ["a": Secret(secret)]
        )
    }

    @Test("the fingerprint does not depend on the action's position, the order of its parts, or its secret")
    func same() {
        let action = Self.action()
        #expect(action.fingerprint.count == 64)
        #expect(Self.action(sequence: 9, secret: "t").fingerprint == action.fingerprint)
        let reordered = Self.action(changes: action.changes.reversed(), members: action.members.reversed())
        #expect(reordered.fingerprint == action.fingerprint)
    }

    @Test("the fingerprint differs with everything that a person sees")
    func different() {
        let change = AttributeChange(attribute: "a", old: "x", new: ["m": 1, "n": 2])
        let others = [
            Self.action(verb: .update), Self.action(kind: .group), Self.action(object: 2), Self.action(entraID: nil),
            Self.action(entraID: "f"), Self.action(reason: .vanishedFromEntra), Self.action(changes: [change]),
            Self.action(changes: [AttributeChange(attribute: "a", old: nil, new: change.new)]),
            Self.action(changes: [AttributeChange(attribute: "a", old: .null, new: change.new)]),
            Self.action(changes: [AttributeChange(attribute: "a", old: "x", new: "[]")]), Self.action(members: []),
            Self.action(members: [.local(ObjectReference(UserID(8)))]),
            Self.action(members: [.remote(EntraObjectID("8"))]), Self.action(),
        ]
        #expect(Set(others.map(\.fingerprint)).count == others.count)
    }
}
