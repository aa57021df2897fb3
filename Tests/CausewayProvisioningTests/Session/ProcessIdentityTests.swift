import Testing

@testable import CausewayProvisioning

@Suite("The identity of a process")
struct ProcessIdentityTests {
    @Test("a process is distinguished from a later one with the same number")
    func processes() throws {
        let present = ProcessIdentity.current
        #expect(present.isGone == false)
        let read = try #require(ProcessIdentity(present.text))
        #expect(read == present)
        #expect(ProcessIdentity("\(present.host)/\(present.process)/1")?.isGone == true)
        #expect(ProcessIdentity("elsewhere/1/1")?.isGone == false)
    }
}
