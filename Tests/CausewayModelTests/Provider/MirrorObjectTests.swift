import CausewayJSON
import CausewayModel
import Foundation
import Testing

/// What the mirror stores of an object that Graph reports.
@Suite
struct MirrorObjectTests {
    private let window = ConsistencyWindow(
        now: Timestamp(Date(timeIntervalSince1970: 1_800_000_000)),
        time: .seconds(60)
    )

    @Test("unset members of complex values, all of which Graph returns, are not stored and are no change")
    func unsetMembers() throws {
        var object = MirrorObject(kind: .user, entraID: EntraObjectID("entra-1"), known: [:])
        let first = object.merge(
            ObjectSnapshot([
                "onPremisesExtensionAttributes": ["extensionAttribute1": "A", "extensionAttribute2": nil],
                "employeeOrgData": ["division": nil, "costCenter": nil],
                "identities": [["signInType": "federated", "issuerAssignedId": nil]],
            ]),
            window
        )
        #expect(first.map(\.attribute) == ["identities", "onPremisesExtensionAttributes"])
        #expect(
            object.known == [
                "onPremisesExtensionAttributes": ["extensionAttribute1": "A"],
                "identities": [["signInType": "federated"]],
            ]
        )
        let again = object.merge(
            ObjectSnapshot(["onPremisesExtensionAttributes": ["extensionAttribute1": "A", "extensionAttribute7": nil]]),
            window
        )
        #expect(again.isEmpty)
    }

    @Test("a value that an earlier version stored with its unset members is the same value")
    func keptBefore() {
        let kept: [String: JSONValue] = ["employeeOrgData": ["division": nil, "costCenter": "7"]]
        var object = MirrorObject(kind: .user, entraID: EntraObjectID("entra-1"), known: kept)
        let changes = object.merge(ObjectSnapshot(["employeeOrgData": ["costCenter": "7", "division": nil]]), window)
        #expect(changes.isEmpty)
        let cleared = object.merge(ObjectSnapshot(["employeeOrgData": ["costCenter": nil, "division": nil]]), window)
        #expect(cleared.map(\.new) == [.null])
        #expect(object.known.isEmpty)
    }
}
