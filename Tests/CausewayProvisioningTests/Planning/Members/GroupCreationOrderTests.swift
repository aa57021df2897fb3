import CausewayModel
import Testing

@testable import CausewayProvisioning

@Suite("The order in which groups are created")
struct GroupCreationOrderTests {
    @Test("a group is created after every group in it")
    func levels() {
        let ids = (0..<4).map { _ in GroupID.random() }
        let nesting = [(ids[1], ids[0]), (ids[2], ids[1]), (ids[2], ids[0]), (ids[3], ids[0])]
        let levels = GroupCreationOrder(nesting: nesting.map { (child: $0.0, parent: $0.1) })
        #expect(ids.map { levels[$0] } == [2, 1, 0, 0])
    }
}
