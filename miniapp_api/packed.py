"""Large answers that are the same for everybody, packed for the slow network of a phone."""

import gzip

from flask import Response, request

#: below this a packet is a packet
WORTH_IT = 1400


def packed(answer: Response) -> Response:
    """The answer, packed where whoever asked can unpack it.

    For doors whose GETs need no sign-in: the length of a packed answer tells of what is in it.
    """
    if request.method != "GET" or answer.status_code != 200:
        return answer
    answer.vary.add("Accept-Encoding")
    data = answer.get_data()
    if len(data) >= WORTH_IT and request.accept_encodings.quality("gzip") > 0:
        answer.set_data(gzip.compress(data, 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
