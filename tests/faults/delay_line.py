"""A slow link: python delay_line.py PORT TARGET SECONDS passes bytes on, each direction that much later.

A process of its own, so that kill -9 loses what is under way, and SIGSTOP makes the link silent. On 127.0.0.1 only.
"""

import asyncio
import sys
from contextlib import suppress

PIECE = 65_536


async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Pass on what comes, in order, each piece `seconds` after it came."""
    loop, line = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

    async def arrive() -> None:
        while (due := await line.get())[1]:
            await asyncio.sleep(max(0.0, due[0] - loop.time()))
            writer.write(due[1])
            await writer.drain()

    arriving = asyncio.create_task(arrive())
    with suppress(OSError):
        while piece := await reader.read(PIECE):
            line.put_nowait((loop.time() + seconds, piece))
    line.put_nowait((0.0, b""))
    with suppress(OSError):
        await arriving
    writer.close()


async def serve(port: int, target: int, seconds: float) -> None:
    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(late(reader, far_writer, seconds), late(far_reader, writer, seconds))

    server = await asyncio.start_server(pass_on, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
