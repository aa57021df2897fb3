import CausewayInstallation
import Testing

@Suite("The C library's allocator")
struct AllocatorTests {
    @Test("the library lets all threads share arenas")
    func arenas() {
        #expect(Allocator.shareArenas())
    }
}
