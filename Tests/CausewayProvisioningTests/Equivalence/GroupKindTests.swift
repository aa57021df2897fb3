import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import Testing

@testable import CausewayProvisioning

@Suite("The kind of a group")
struct GroupKindTests {
    /// Graph, "Update group": neither `groupTypes` nor `mailEnabled` turns one kind into another.
    @Test("a group keeps its kind, and properties of the other kind are not written")
    func kept() throws {
        let difference = AttributeDifference(kind: .group, types: try .load())
        let known: [String: JSONValue] = ["groupTypes": [], "mailEnabled": false, "securityEnabled": true]
        let wanted: [String: JSONValue] = ["groupTypes": ["Unified"], "mailEnabled": true, "securityEnabled": false]
        #expect(difference.changes(from: known, to: wanted).isEmpty)
        #expect(difference.leftOut(from: known, to: wanted) == ["groupTypes", "mailEnabled"])
        let other = difference.changes(from: known, to: known.merging(["securityEnabled": false]) { $1 })
        #expect(other.map(\.attribute) == ["securityEnabled"])
    }
}
